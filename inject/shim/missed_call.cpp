#include "missed_call.hpp"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>

#include <bit>

#include "program_memory.hpp"

namespace heddle::inject {
namespace {

bool installs_signal_stack(long address) {
  stack_t stack{};
  return address != 0 && read_program_memory(stack, address) && (stack.ss_flags & SS_DISABLE) == 0;
}

}  // namespace

bool would_be_missed(const Call& call) {
  switch (call.row) {
    case HEDDLE_INJECT_MPROTECT:
      // An allocator that is refused memory in one place takes it from another. Only a guard is
      // missed.
      return call.arguments[2] == PROT_NONE;
    case HEDDLE_INJECT_SIGALTSTACK:
      return installs_signal_stack(call.arguments[0]);
    case HEDDLE_INJECT_SIGACTION:
    case HEDDLE_INJECT_PTHREAD_SETSPECIFIC:
      return call.arguments[1] != 0;
    // What fresh attributes say already is kept.
    case HEDDLE_INJECT_PTHREAD_ATTR_SETSCHEDPARAM:
      return std::bit_cast<const sched_param*>(call.arguments[1])->sched_priority != 0;
    case HEDDLE_INJECT_PTHREAD_ATTR_SETINHERITSCHED:
      return call.arguments[1] != PTHREAD_INHERIT_SCHED;
    default:
      return true;
  }
}

}  // namespace heddle::inject
