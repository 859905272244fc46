// Threads: includes all of heddle::thread.
#pragma once

#include "heddle/thread/builder.hpp"           // IWYU pragma: export
#include "heddle/thread/current.hpp"           // IWYU pragma: export
#include "heddle/thread/join_handle.hpp"       // IWYU pragma: export
#include "heddle/thread/local_key.hpp"         // IWYU pragma: export
#include "heddle/thread/park.hpp"              // IWYU pragma: export
#include "heddle/thread/scope.hpp"             // IWYU pragma: export
#include "heddle/thread/sleep.hpp"             // IWYU pragma: export
#include "heddle/thread/spawn.hpp"             // IWYU pragma: export
#include "heddle/thread/stack_guard.hpp"       // IWYU pragma: export
#include "heddle/thread/thread.hpp"            // IWYU pragma: export
#include "heddle/thread/thread_id.hpp"         // IWYU pragma: export
#include "heddle/thread/thread_local.hpp"      // IWYU pragma: export
#include "heddle/thread/thread_local_key.hpp"  // IWYU pragma: export
