// Places in source code.
#pragma once

namespace heddle::panic {

/// A line of source. clang 14 has no std::source_location, but the builtins that it is made of.
struct Location {
  const char* file;
  unsigned line;

  /// Returns, when used as a default argument, the place of the call.
  static constexpr Location current(const char* file = __builtin_FILE(),
                                    unsigned line = __builtin_LINE()) noexcept {
    return {file, line};
  }
};

}  // namespace heddle::panic
