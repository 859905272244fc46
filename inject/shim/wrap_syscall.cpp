// wrap_syscall.cpp: libc's syscall(), through which Rust's std, libstdc++'s atomic::wait and others
// reach the futex. Every other number is passed on untouched.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>

#include "decision.h"
#include "exported.h"
#include "next_definitions.h"
#include "raw_system_call.h"

namespace heddle::inject {
namespace {

constexpr Decision kPassOn{Verdict::kPassOn, 0};

Decision decide_futex(long operation) {
  switch (operation & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET:
      return decide(HEDDLE_INJECT_FUTEX_WAIT);
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
      return decide(HEDDLE_INJECT_FUTEX_WAKE);
    default:
      return kPassOn;
  }
}

long pass_on(long number, const SystemCallArguments& arguments) {
  const auto next = next_definitions.syscall.load(std::memory_order_relaxed);
  if (next == nullptr) {
    return as_libc_result(raw_system_call(number, arguments));
  }
  return next(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
              arguments[5]);
}

}  // namespace
}  // namespace heddle::inject

// How many arguments the caller passed is not known. Reading six is harmless on x86-64: five come
// from registers, and the stack slot of the last is always mapped.
HEDDLE_INJECT_EXPORTED long syscall(long number, ...) noexcept {
  using namespace heddle::inject;
  va_list list;
  va_start(list, number);
  SystemCallArguments arguments{};
  for (long& argument : arguments) {
    argument = va_arg(list, long);
  }
  va_end(list);
  const Decision decision = number == SYS_futex ? decide_futex(arguments[1]) : kPassOn;
  switch (decision.verdict) {
    case Verdict::kFail:
      errno = decision.error;
      return -1;
    case Verdict::kWakeSpuriously:
      return 0;
    case Verdict::kPassOn:
      break;
  }
  return pass_on(number, arguments);
}
