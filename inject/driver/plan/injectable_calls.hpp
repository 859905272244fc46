// injectable_calls.hpp: the table of inject_calls.h, for look-ups and for print.
#pragma once

#include <heddle/inject_control.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::inject {

/// How probable it is that a program gets the errno from the call in the field.
enum class Likelihood {
  likely,    // under ordinary load: limits reached, signals, races
  possible,  // on systems set up with care, or in odd states
  hostile    // only when the caller or the kernel is wrong
};

/// An errno that POSIX or the manual page of the call documents.
struct DocumentedErrno {
  int value;
  Likelihood likelihood;
  /// What a call must be like to get the errno; nothing: every call of the row can get it.
  std::optional<heddle_inject_need> need;
};

struct InjectableCall {
  std::string_view name;  // as plans spell it
  heddle_inject_call call;
  std::optional<std::uint32_t> system_call;  // the number of the one that counts as this row
  heddle_inject_report report;
  std::uint32_t facts;  // enum heddle_inject_fact, added up
  const char* loss;     // or null
  bool can_wake_spuriously;
  std::vector<DocumentedErrno> errnos;  // the likeliest first
};

/// Returns the table, in the order of inject_calls.h. Static storage.
std::span<const InjectableCall> injectable_calls();

/// Returns the row of that name, or null.
const InjectableCall* find_injectable_call(std::string_view name);

/// Returns the need's name in the table of needs, such as "TIME_LIMIT".
std::string_view need_name(heddle_inject_need need);

/// Writes the table for people: a line for each call, with its errnos by likelihood; then a line
/// for each errno that only some calls of its row can get, with what it needs.
std::string describe_injectable_calls();

}  // namespace heddle::inject
