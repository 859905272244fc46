// The number of panics that the calling thread is in.
#pragma once

#include <cstddef>

namespace heddle::panic::detail {

/// One thread's count, which goes up when a panic starts or is resumed, and down when it is caught.
/// It has no destructor, so it can be read until the thread's very end.
struct PanicCount {
  std::size_t unwinding = 0;
  bool in_hook = false;
};

PanicCount& panic_count() noexcept;

}  // namespace heddle::panic::detail
