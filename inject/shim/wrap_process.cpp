// wrap_process.cpp: signals, sleeping, yielding and prctl. The two sleeps are passed on to libc's,
// and so stay cancellation points.
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#include <cstdarg>

#include "exported.hpp"
#include "next_definitions.hpp"
#include "system_call_filter.hpp"
#include "wrapped_call.hpp"

using heddle::inject::next_definitions;
using heddle::inject::or_kernel;
using heddle::inject::wrap;

// Sanitizer runtimes set up their signal stack before any constructor of ours has run.
HEDDLE_INJECT_EXPORTED int sigaltstack(const stack_t* stack, stack_t* old_stack) noexcept {
  return wrap<HEDDLE_INJECT_SIGALTSTACK>(or_kernel<SYS_sigaltstack>(next_definitions.sigaltstack),
                                         stack, old_stack);
}

HEDDLE_INJECT_EXPORTED int sigaction(int signal, const struct sigaction* action,
                                     struct sigaction* old_action) noexcept {
  return wrap<HEDDLE_INJECT_SIGACTION>(next_definitions.sigaction, signal, action, old_action);
}

HEDDLE_INJECT_EXPORTED int nanosleep(const timespec* duration, timespec* remaining) {
  // glibc makes it of the other.
  return wrap<HEDDLE_INJECT_NANOSLEEP, SYS_clock_nanosleep>(next_definitions.nanosleep, duration,
                                                            remaining);
}

HEDDLE_INJECT_EXPORTED int clock_nanosleep(clockid_t clock, int flags, const timespec* time,
                                           timespec* remaining) {
  return wrap<HEDDLE_INJECT_CLOCK_NANOSLEEP>(next_definitions.clock_nanosleep, clock, flags, time,
                                             remaining);
}

// Allocators yield in their spin locks.
HEDDLE_INJECT_EXPORTED int sched_yield() noexcept {
  return wrap<HEDDLE_INJECT_SCHED_YIELD>(or_kernel<SYS_sched_yield>(next_definitions.sched_yield));
}

// Reading four arguments that may not be there is harmless: they come from registers.
// Allocators name their mappings by this call.
HEDDLE_INJECT_EXPORTED int prctl(int option, ...) noexcept {
  va_list list;
  va_start(list, option);
  unsigned long arguments[4];
  for (unsigned long& argument : arguments) {
    argument = va_arg(list, unsigned long);
  }
  va_end(list);
  heddle::inject::note_prctl(option);
  return wrap<HEDDLE_INJECT_PRCTL>(or_kernel<SYS_prctl>(next_definitions.prctl), option,
                                   arguments[0], arguments[1], arguments[2], arguments[3]);
}
