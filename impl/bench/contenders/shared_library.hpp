// The loops that are in the shared library.
#pragma once

#include "contenders/loops.hpp"

namespace heddle::bench {

[[gnu::visibility("default")]] const ThreadLocalLoops* heddle_in_shared_library();
[[gnu::visibility("default")]] const ThreadLocalLoops* libstdcxx_in_shared_library();
[[gnu::visibility("default")]] const ThreadLocalLoops* floor_in_shared_library();

}  // namespace heddle::bench
