#include "catalogue/fault.hpp"

#include <fmt/format.h>

#include <cstring>
#include <string_view>

namespace heddle::conformance {
namespace {

std::string_view name_of(heddle_inject_call call) {
  switch (call) {
    case HEDDLE_INJECT_PTHREAD_CREATE:
      return "pthread_create";
    case HEDDLE_INJECT_PTHREAD_ATTR_SETSTACKSIZE:
      return "pthread_attr_setstacksize";
    case HEDDLE_INJECT_MMAP:
      return "mmap";
    case HEDDLE_INJECT_SIGALTSTACK:
      return "sigaltstack";
    case HEDDLE_INJECT_FUTEX_WAIT:
      return "futex.wait";
    case HEDDLE_INJECT_FUTEX_WAKE:
      return "futex.wake";
    case HEDDLE_INJECT_CALLS:
      break;  // the number of calls, not a call
  }
  return "unknown";
}

std::string action_of(const Fault& fault) {
  if (fault.action == HEDDLE_INJECT_SPURIOUS) {
    return "spurious";
  }
  const char* const name = ::strerrorname_np(fault.error);
  return name == nullptr ? fmt::format("error={}", fault.error) : fmt::format("error={}", name);
}

// strace's FIRST[..LAST][+STEP]; an open end has no LAST, and is written FIRST+ when each counts.
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
  return fmt::format("{}:{}:when={}:count={}", name_of(fault.call), action_of(fault),
                     occurrences_of(fault),
                     fault.count == HEDDLE_INJECT_COUNT_PROCESS ? "process" : "thread");
}

}  // namespace heddle::conformance
