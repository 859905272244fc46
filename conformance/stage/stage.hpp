// The vocabulary of checks: includes all of stage/.
#pragma once

#include "catalogue/clause.hpp"     // IWYU pragma: export
#include "stage/kernel_thread.hpp"  // IWYU pragma: export
#include "stage/keys.hpp"           // IWYU pragma: export
#include "stage/outcome.hpp"        // IWYU pragma: export
#include "stage/output.hpp"         // IWYU pragma: export
#include "stage/runtime.hpp"        // IWYU pragma: export
#include "stage/sanitizer.hpp"      // IWYU pragma: export
#include "stage/signal.hpp"         // IWYU pragma: export
#include "stage/stage_case.hpp"     // IWYU pragma: export
#include "stage/thread_locals.hpp"  // IWYU pragma: export
#include "stage/threads.hpp"        // IWYU pragma: export
#include "stage/value.hpp"          // IWYU pragma: export
