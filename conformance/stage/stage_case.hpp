// This process as a case: its subject, its log, and the ways to end it.
//
// A case is a process, so its state is global, and is never destroyed: the subject's drops may
// still arrive during exit().
#pragma once

#include <heddle/subject.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "catalogue/fault.hpp"
#include "catalogue/profile.hpp"
#include "stage/evidence.hpp"

namespace heddle::conformance {

/// Makes this process a case. Call it once, on the main thread, before the check.
void enter_case(const heddle_subject_table& subject, Evidence& evidence,
                std::span<const Fault> faults);

/// Sets the function that a thread calls to end the case when an expectation is not met.
void set_case_end(void (*function)());

/// Returns the subject's table, completed to its full size.
const heddle_subject_table& subject();

/// Returns the serial number of the calling thread within the case; the main thread has 1.
std::uint32_t here();

/// Returns the kernel's number of the thread with this serial number; nothing if the case has too
/// many threads.
std::optional<std::int32_t> kernel_thread_of(std::uint32_t serial);

/// Writes an event into the case's log, with the calling thread's number. The text is cut to 119
/// bytes. Can be called on any thread.
void note(std::string_view text);

/// Returns all positions of this text in the log, oldest first.
std::vector<std::uint32_t> positions_of(std::string_view text);

/// Ends the process at once, with the verdict that an expectation was not met. The first such call
/// counts.
[[noreturn]] void fail(std::string_view expected, std::string_view happened);

/// Ends the process at once without a verdict, for this reason.
[[noreturn]] void excuse(std::string_view reason);

/// Ends the process at once, since the suite itself failed, or the machine refused it something.
[[noreturn]] void internal_error(std::string_view reason);

/// Declares that from here on the process must die as its clause says.
void expect_death();

/// Sets how main ends after the check, in a clause with exits_with(). By default main returns 0.
void end_main_with(const heddle_outcome& outcome);
const heddle_outcome& main_ending();

/// Runs `calls` while the clause's fault is armed. Calls outside of it neither fail nor count.
template <class Calls>
std::invoke_result_t<Calls> armed(Calls calls);

/// Ends the case without a verdict unless the fault has fired. Call it after armed(), before an
/// expectation that a runtime may miss simply because it makes other calls.
void need_fired_fault();

/// Returns on how many calls the clause's fault of this index fired while it was last armed: of a
/// fault that is counted(), how often the call was made.
std::uint64_t calls_counted(std::size_t fault);

/// What a clause expects of subjects whose profile is in the range.
template <class T>
struct ForProfiles {
  ProfileRange profiles;
  T value;
};

/// Returns the value that belongs to the subject's profile.
template <class T>
T by_profile(std::initializer_list<ForProfiles<T>> values);

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
T by_profile(std::initializer_list<ForProfiles<T>> values) {
  if (const std::optional<Profile> declared = profile_from(subject().profile)) {
    for (const auto& [profiles, value] : values) {
      if (profiles.has(*declared)) {
        return value;
      }
    }
  }
  excuse("the clause has no expectation for the subject's profile");
}
/// @endcond

}  // namespace heddle::conformance
