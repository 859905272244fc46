// The thread locals of the shared library.
#pragma once

#include "contenders/loops.hpp"

namespace heddle::bench {

[[gnu::visibility("default")]] const ThreadLocals* heddle_in_shared_library();
[[gnu::visibility("default")]] const ThreadLocals* libstdcxx_in_shared_library();
[[gnu::visibility("default")]] const ThreadLocals* floor_in_shared_library();

}  // namespace heddle::bench
