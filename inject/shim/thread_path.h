// thread_path.h: how a thread came to be, such as "0.2.1"; inject_control.h has the rules.
#ifndef HEDDLE_INJECT_SHIM_THREAD_PATH_H
#define HEDDLE_INJECT_SHIM_THREAD_PATH_H

#include <heddle/inject_record.h>

#include <cstdint>

namespace heddle::inject {

/// A value; async-signal-safe.
struct ThreadPath {
  /// Ends with a zero byte; the text of a path that does not fit ends early, with a '~'.
  char text[HEDDLE_INJECT_THREAD_PATH_SIZE];
  /// heddle_inject_path_hash of the whole path, whether or not its text fits.
  uint64_t hash;
  uint32_t length;  // of the text

  /// This path and one more step: `prefix` (".", ".f") and a number.
  ThreadPath extended(const char* prefix, uint64_t ordinal) const;
};

/// The path with that one step, such as "0". Static storage needs it at compile time.
constexpr ThreadPath path_of_one_step(char step) {
  constexpr uint64_t kBasis = UINT64_C(14695981039346656037);
  constexpr uint64_t kPrime = UINT64_C(1099511628211);
  return {{step}, (kBasis ^ static_cast<unsigned char>(step)) * kPrime, 1};
}

constexpr ThreadPath kMainPath = path_of_one_step('0');
constexpr ThreadPath kUnknownPath = path_of_one_step('?');

}  // namespace heddle::inject

#endif
