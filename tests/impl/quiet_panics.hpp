// Panics that a test means to happen.
#pragma once

#include <heddle/panic/hook.hpp>

namespace heddle::tests {

/// While it lives, panics print nothing.
class QuietPanics {
 public:
  QuietPanics() {
    panic::set_hook([](const panic::PanicInfo&) {});
  }
  QuietPanics(const QuietPanics&) = delete;
  QuietPanics& operator=(const QuietPanics&) = delete;
  ~QuietPanics() { static_cast<void>(panic::take_hook()); }
};

}  // namespace heddle::tests
