// How many panics the calling thread is in.
#pragma once

#include <cstddef>

namespace heddle::panic::detail {

/// Per thread, and readable until the thread's very end, since it has no destructor. Counted up
/// when a panic starts or is resumed, down when it is caught.
struct PanicCount {
  std::size_t unwinding = 0;
  bool in_hook = false;
};

PanicCount& panic_count() noexcept;

}  // namespace heddle::panic::detail
