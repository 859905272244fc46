// The case that this process is: its subject, its log, and how it ends.
//
// A case is a process, so what belongs to it is global here. Nothing of it is ever destroyed: the
// subject's drops may call in during exit().
#pragma once

#include <heddle/subject.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "catalogue/fault.hpp"
#include "stage/evidence.hpp"

namespace heddle::conformance {

/// Makes this process a case. Call it once, on the main thread, before the check.
void enter_case(const heddle_subject_table& subject, Evidence& evidence,
                std::span<const Fault> faults);

/// Sets what the thread that ends the case calls when an expectation is not met.
void set_case_end(void (*function)());

/// The subject's table, completed to its full size.
const heddle_subject_table& subject();

/// The serial number of the calling thread within the case; the case's main thread is 1.
std::uint32_t here();

/// The kernel's number of the thread with this serial number; nothing where there are too many.
std::optional<std::int32_t> kernel_thread_of(std::uint32_t serial);

/// Writes an event into the case's log, with the calling thread's number. The text is cut to 119
/// bytes. Any thread.
void note(std::string_view text);

/// Returns where in the log this text stands, oldest first.
std::vector<std::uint32_t> positions_of(std::string_view text);

/// Ends the process at once with the verdict that an expectation was not met. The first one counts.
[[noreturn]] void fail(std::string_view expected, std::string_view happened);

/// Ends the process at once: this case cannot judge the subject, for this reason.
[[noreturn]] void excuse(std::string_view reason);

/// Ends the process at once: something went wrong with the suite itself or its share of the
/// machine.
[[noreturn]] void internal_error(std::string_view reason);

/// Says that from here on the process must die as its clause says.
void expect_death();

/// Says how main ends after the check, in a clause that says exits_with(). Without a call main
/// returns 0.
void end_main_with(const heddle_outcome& outcome);
const heddle_outcome& main_ending();

/// Runs `calls` while the clause's fault is armed. Calls that the check makes outside neither fail
/// nor count.
template <class Calls>
std::invoke_result_t<Calls> armed(Calls calls);

/// Ends the case without a verdict unless the fault has fired. Call it after armed(), before an
/// expectation that a runtime may miss because it makes other calls.
void need_fired_fault();

/// Returns the value that belongs to the subject's profile.
template <class T>
T by_profile(std::initializer_list<std::pair<std::string_view, T>> values);

/// Returns the rule of the clause's first fault in the injector's control block, armed or not. Its
/// gate is worked through this rule: see heddle_inject_rule.
heddle_inject_rule& rule_of_fault();

/// @cond
void arm();
void disarm();

template <class Calls>
std::invoke_result_t<Calls> armed(Calls calls) {
  struct Disarm {
    ~Disarm() { disarm(); }
  };
  arm();
  const Disarm at_the_end;
  return calls();
}

template <class T>
T by_profile(std::initializer_list<std::pair<std::string_view, T>> values) {
  for (const auto& [profile, value] : values) {
    if (profile == subject().profile) {
      return value;
    }
  }
  excuse("the clause has no expectation for the subject's profile");
}
/// @endcond

}  // namespace heddle::conformance
