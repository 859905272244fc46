#include "plan/strace_command.hpp"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <limits>

#include "plan/call_names.hpp"
#include "plan/errno_names.hpp"
#include "plan/signal_names.hpp"
#include "plan/system_call_names.hpp"

namespace heddle::inject {
namespace {

using Rule = heddle_inject_rule;

/// The last call that strace can count to: it counts in 16 bits, and 65535 means without end.
constexpr std::uint64_t last_counted = 65534;
constexpr std::uint64_t ever = std::numeric_limits<std::uint64_t>::max();

/// Returns the system calls behind the rule's call, through which a real failure would come; empty:
/// there are none.
std::vector<std::string> system_calls_of(const Rule& rule) {
  switch (rule.call) {
    case HEDDLE_INJECT_PTHREAD_CREATE:
    case HEDDLE_INJECT_THRD_CREATE:
      return {"clone3", "clone"};  // glibc falls back from one to the other
    case HEDDLE_INJECT_SYSTEM_CALL:
      if (rule.number == UINT32_MAX) {
        return {};
      }
      return {std::string(system_call_name(rule.number))};
    default: {
      const std::string_view name = system_call_of(injectable_calls()[rule.call]);
      return name.empty() ? std::vector<std::string>{} : std::vector{std::string(name)};
    }
  }
}

/// Names what the rule has and strace cannot express.
std::vector<std::string_view> inexpressible(const Rule& rule) {
  const std::pair<bool, std::string_view> parts[] = {
      {rule.count == HEDDLE_INJECT_COUNT_PROCESS, "count=process"},
      {rule.times != 0, "times"},
      {rule.chance != 0, "p"},
      {(rule.flags & HEDDLE_INJECT_STICKY) != 0, "sticky"},
      {(rule.flags & HEDDLE_INJECT_POSSIBLE) != 0, "possible"},
      {rule.thread_name[0] != '\0' || rule.thread_path != 0, "thread"},
      {rule.stack != 0, "stack"},
      {rule.caller[0] != '\0', "caller"},
      {rule.exe[0] != '\0', "exe"},
      {rule.comparisons[0].argument != 0, "comparisons of arguments"}};
  std::vector<std::string_view> names;
  for (const auto& [is_asked_for, name] : parts) {
    if (is_asked_for) {
      names.push_back(name);
    }
  }
  return names;
}

/// Returns strace's name for a signal, which differs from glibc's for one of them.
std::string strace_signal(int number) {
  return number == SIGIO ? "SIGIO" : written_signal(number);
}

std::string what(const Rule& rule) {
  std::string text;
  if (rule.action == HEDDLE_INJECT_ERROR) {
    text = fmt::format(":error={}", errno_name(rule.error));
  } else if (rule.action == HEDDLE_INJECT_RETURN) {
    text = fmt::format(":retval={}", static_cast<std::uint64_t>(rule.return_value));
  } else if (rule.action == HEDDLE_INJECT_SPURIOUS) {
    text = ":retval=0";
  }
  if (rule.signal != 0) {
    text += fmt::format(":signal={}", strace_signal(rule.signal));
  }
  if (rule.delay_enter != 0) {
    text += fmt::format(":delay_enter={}ns", rule.delay_enter);
  }
  if (rule.delay_exit != 0) {
    text += fmt::format(":delay_exit={}ns", rule.delay_exit);
  }
  return text;
}

std::string when(const Rule& rule) {
  if (rule.step == 0) {
    return fmt::format(":when={}", rule.first);
  }
  const std::uint64_t step = std::min(rule.step, last_counted);
  if (rule.last == ever) {
    return rule.first == 1 && step == 1 ? "" : fmt::format(":when={}+{}", rule.first, step);
  }
  return fmt::format(":when={}..{}+{}", rule.first, std::min(rule.last, last_counted), step);
}

class Translation {
 public:
  void add(const PlannedRule& planned);
  StraceCommand command() const;

 private:
  void differs(const PlannedRule& planned, std::string_view how) {
    differences_.push_back(fmt::format("{}: {}", planned.expression, how));
  }
  void note_differences(const PlannedRule& planned);

  std::vector<std::string> traced_, injections_, differences_;
};

void Translation::note_differences(const PlannedRule& planned) {
  const Rule& rule = planned.rule;
  if (const auto names = inexpressible(rule); !names.empty()) {
    differs(planned, fmt::format("strace has no {}", fmt::join(names, ", no ")));
  }
  if ((rule.last > last_counted && rule.last != ever) || rule.step > last_counted) {
    differs(planned, fmt::format("strace counts to {} only", last_counted));
  }
  const std::string_view name = injectable_calls()[rule.call].name;
  if (name.starts_with("futex.")) {
    differs(planned, "strace counts the futex's operations as one call");
  }
  if (rule.call == HEDDLE_INJECT_PTHREAD_CREATE || rule.call == HEDDLE_INJECT_THRD_CREATE) {
    differs(planned, fmt::format("{} is no system call: the nearest are clone3 and clone, which "
                                 "fork and others make too",
                                 name));
  }
}

void Translation::add(const PlannedRule& planned) {
  const std::vector<std::string> names = system_calls_of(planned.rule);
  if (names.empty() || names.front().empty()) {
    return differs(planned, "left out, since strace knows no such system call");
  }
  if (planned.rule.first > last_counted) {
    return differs(planned, fmt::format("left out, since strace counts to {} only", last_counted));
  }
  if (std::ranges::any_of(names, [&](const std::string& name) {
        return std::ranges::find(traced_, name) != traced_.end();
      })) {
    return differs(planned, "left out, since strace takes one rule for a system call");
  }
  note_differences(planned);
  traced_.insert(traced_.end(), names.begin(), names.end());
  injections_.push_back(
      fmt::format("inject={}{}{}", fmt::join(names, ","), what(planned.rule), when(planned.rule)));
}

StraceCommand Translation::command() const {
  StraceCommand result{{}, differences_};
  if (injections_.empty()) {
    return result;
  }
  result.arguments = {"strace", "-f", "-e", fmt::format("trace={}", fmt::join(traced_, ","))};
  for (const std::string& injection : injections_) {
    result.arguments.insert(result.arguments.end(), {"-e", injection});
  }
  result.differences.emplace_back(
      "strace counts the calls of the dynamic linker and inside libc as well");
  return result;
}

}  // namespace

StraceCommand nearest_strace_command(std::span<const PlannedRule> plan) {
  Translation translation;
  for (const PlannedRule& planned : plan) {
    translation.add(planned);
  }
  return translation.command();
}

}  // namespace heddle::inject
