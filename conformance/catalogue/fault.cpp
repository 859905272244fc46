#include "catalogue/fault.hpp"

#include <fmt/format.h>

#include <cstring>
#include <string_view>

namespace heddle::conformance {
namespace {

constexpr std::string_view names[] = {
#define HEDDLE_CONFORMANCE_NAME(identifier, name, ...) name,
    HEDDLE_INJECT_CALL_TABLE(HEDDLE_CONFORMANCE_NAME)
#undef HEDDLE_CONFORMANCE_NAME
};

std::string action_of(const Fault& fault) {
  if (fault.action == HEDDLE_INJECT_SPURIOUS) {
    return "spurious";
  }
  if (fault.action == HEDDLE_INJECT_NOTHING) {
    return "counted";
  }
  if (fault.action == HEDDLE_INJECT_GATE) {
    return "gate";
  }
  const char* const name = ::strerrorname_np(fault.error);
  return name == nullptr ? fmt::format("error={}", fault.error) : fmt::format("error={}", name);
}

// Returns the occurrences in strace's form, FIRST[..LAST][+STEP]. Without an end it is FIRST+ for
// every call, or FIRST+STEP.
std::string occurrences_of(const Fault& fault) {
  if (fault.step == 0 || fault.last <= fault.first) {
    return fmt::format("{}", fault.first);
  }
  const bool open = fault.last == std::numeric_limits<std::uint64_t>::max();
  const std::string range =
      open ? fmt::format("{}", fault.first) : fmt::format("{}..{}", fault.first, fault.last);
  if (fault.step == 1) {
    return open ? range + "+" : range;
  }
  return fmt::format("{}+{}", range, fault.step);
}

}  // namespace

std::string plan_expression(const Fault& fault) {
  return fmt::format("{}:{}:when={}:count={}", names[fault.call], action_of(fault),
                     occurrences_of(fault),
                     fault.count == HEDDLE_INJECT_COUNT_PROCESS ? "process" : "thread");
}

std::string plan_expressions(std::span<const Fault> faults) {
  std::string expressions;
  for (const Fault& fault : faults) {
    expressions += (expressions.empty() ? "" : " ") + plan_expression(fault);
  }
  return expressions;
}

}  // namespace heddle::conformance
