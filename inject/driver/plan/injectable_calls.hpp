// injectable_calls.hpp: the table of inject_calls.h, to be looked up and printed.
#pragma once

#include <heddle/inject_control.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::inject {

/// How probable it is that a program meets the errno from this call in the field.
enum class Likelihood {
  likely,    // under ordinary load: limits reached, signals, races
  possible,  // on systems set up with care, or in odd states
  hostile    // only when the caller or the kernel is wrong
};

/// An errno that POSIX or the manual page of the call documents.
struct DocumentedErrno {
  int value;
  Likelihood likelihood;
  /// What a call must be like to get it; nothing: every call of the row can.
  std::optional<heddle_inject_need> need;
};

struct InjectableCall {
  std::string_view name;  // as plans spell it
  heddle_inject_call call;
  heddle_inject_report report;
  const char* loss;  // or null
  bool can_wake_spuriously;
  std::vector<DocumentedErrno> errnos;  // the likeliest first
};

/// The table, in the order of the control header. Static storage.
std::span<const InjectableCall> injectable_calls();

/// The row of that name, or null.
const InjectableCall* find_injectable_call(std::string_view name);

/// As in the table of needs: "TIME_LIMIT".
std::string_view need_name(heddle_inject_need need);

/// The table as text for people: a line for each call, with its errnos by likelihood; then one for
/// each errno that not every call of its row can get, with what it needs.
std::string describe_injectable_calls();

}  // namespace heddle::inject
