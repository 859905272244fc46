// Where in the source something was called.
#pragma once

namespace heddle::panic {

/// A line of source. clang 14 has no std::source_location, but has what it is made of.
struct Location {
  const char* file;
  unsigned line;

  /// As a default argument: the place of the call.
  static constexpr Location current(const char* file = __builtin_FILE(),
                                    unsigned line = __builtin_LINE()) noexcept {
    return {file, line};
  }
};

}  // namespace heddle::panic
