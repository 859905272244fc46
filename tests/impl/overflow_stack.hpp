// Using up the calling thread's stack.
#pragma once

#include <array>
#include <cstddef>

namespace heddle::tests {

inline volatile bool goes_deeper = true;  // so that no compiler sees that it never ends

/// Never returns. Each step takes a frame of this size and touches its far end alone.
template <std::size_t frame_size = 256>
[[gnu::noinline]] char overflow_stack() {
  std::array<volatile char, frame_size> frame;
  frame[0] = 1;
  const char deeper = goes_deeper ? overflow_stack<frame_size>() : '\0';
  return static_cast<char>(deeper + frame[0]);
}

}  // namespace heddle::tests
