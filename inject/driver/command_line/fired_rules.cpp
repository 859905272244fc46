#include "command_line/fired_rules.hpp"

#include <fmt/core.h>

#include "plan/call_names.hpp"
#include "plan/injectable_calls.hpp"

namespace heddle::inject {
namespace {

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

/// Says what the shim has noticed of calls that it cannot see, and what to do; empty: nothing.
std::string beyond_sight(const heddle_inject_control& plan) {
  const auto& [early, linked, privileged, environment, threads] = plan.unseen;
  if (linked.count != 0) {
    return fmt::format("; the program executed {}, which is statically linked and was not followed",
                       &linked.example[0]);
  }
  if (privileged.count != 0) {
    return fmt::format(
        "; the program executed {}, which gains privileges and was not followed: run it as its "
        "owner",
        &privileged.example[0]);
  }
  if (environment.count != 0) {
    return fmt::format(
        "; {} ran without the shim, in another environment: keep LD_PRELOAD and {} in it",
        &environment.example[0], HEDDLE_INJECT_ENVIRONMENT);
  }
  if (early.count != 0) {
    return fmt::format(
        "; {} came before the shim was initialised, from a library that asks to be "
        "the first: try strace",
        counted(early.count, "call"));
  }
  if (threads.count != 0) {
    return "; a thread runs that was not created by the name pthread_create: try --raw with clone3";
  }
  return {};
}

/// Says how the call may be made without its name, if the raw layer would see that; or empty.
std::string_view without_name(const heddle_inject_rule& rule) {
  switch (rule.call) {
    case HEDDLE_INJECT_PTHREAD_CREATE:
    case HEDDLE_INJECT_THRD_CREATE:
      return "; for threads that are made in another way try --raw with clone3";
    case HEDDLE_INJECT_FORK:
      return "; for other ways to make a process try vfork, posix_spawn, or --raw with clone or "
             "clone3";
    case HEDDLE_INJECT_VFORK:
      return "; for other ways to make a process try fork, posix_spawn, or --raw with clone or "
             "clone3";
    case HEDDLE_INJECT_POSIX_SPAWN:
      return "; for system and popen, which make processes inside libc, try --raw with clone3";
    default:
      return rule.call == HEDDLE_INJECT_SYSTEM_CALL ||
                     !system_call_of(injectable_calls()[rule.call]).empty()
                 ? "; libc makes such calls itself: try --raw"
                 : "";
  }
}

std::string why_none(const heddle_inject_rule& rule, const heddle_inject_control& plan) {
  const std::string beyond = beyond_sight(plan);
  if ((plan.flags & HEDDLE_INJECT_RAW) != 0) {
    return "no such call was made where the shim sees it" + beyond;
  }
  return fmt::format("no such call was made by name{}",
                     beyond.empty() ? without_name(rule) : std::string_view(beyond));
}

}  // namespace

std::string describe_outcome(const PlannedRule& planned, const RuleTotals& totals,
                             const heddle_inject_control& plan) {
  if (totals.reached == 0) {
    return fmt::format("{} did not fire: {}", planned.expression, why_none(planned.rule, plan));
  }
  if (totals.fired == 0) {
    return fmt::format("{} did not fire: the program made {}", planned.expression,
                       counted(totals.reached, "such call"));
  }
  return fmt::format("{} fired {} of {}", planned.expression, counted(totals.fired, "time"),
                     counted(totals.reached, "call"));
}

}  // namespace heddle::inject
