// thread_path.hpp: how a thread came to be, such as "0.2.1"; inject_control.h has the rules.
#pragma once

#include <heddle/inject_record.h>

#include <cstdint>

namespace heddle::inject {

/// A path as a plain value; async-signal-safe.
struct ThreadPath {
  /// Ends with a zero byte. A path that is too long ends early, with a '~'.
  char text[HEDDLE_INJECT_THREAD_PATH_SIZE];
  /// heddle_inject_path_hash of the whole path, whether or not its text fits.
  std::uint64_t hash;
  std::uint32_t length;  // the text's

  /// Returns this path with one more step: `prefix` (".", ".f") and a number.
  ThreadPath extended(const char* prefix, std::uint64_t ordinal) const;
};

/// Returns the path of one step, such as "0", at compile time for static storage.
constexpr ThreadPath path_of_one_step(char step) {
  constexpr std::uint64_t basis = UINT64_C(14695981039346656037);
  constexpr std::uint64_t prime = UINT64_C(1099511628211);
  return {{step}, (basis ^ static_cast<unsigned char>(step)) * prime, 1};
}

constexpr ThreadPath main_path = path_of_one_step('0');
constexpr ThreadPath unknown_path = path_of_one_step('?');

}  // namespace heddle::inject
