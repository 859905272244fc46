// wrap_signal_stack.cpp: sigaltstack, which fails with -1 and errno.
#include <signal.h>
#include <sys/syscall.h>

#include "decision.h"
#include "exported.h"
#include "next_definitions.h"
#include "raw_system_call.h"

HEDDLE_INJECT_EXPORTED int sigaltstack(const stack_t* stack, stack_t* old_stack) noexcept {
  using namespace heddle::inject;
  const Decision decision = decide(HEDDLE_INJECT_SIGALTSTACK);
  if (decision.verdict == Verdict::kFail) {
    errno = decision.error;
    return -1;
  }
  // Sanitizer runtimes set up their signal stack before any constructor of ours has run.
  const auto next = next_definitions.sigaltstack.load(std::memory_order_relaxed);
  if (next != nullptr) {
    return next(stack, old_stack);
  }
  return static_cast<int>(as_libc_result(raw_system_call(SYS_sigaltstack, stack, old_stack)));
}
