#include "missed_call.hpp"

#include <signal.h>
#include <sys/mman.h>

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
    default:
      return true;
  }
}

}  // namespace heddle::inject
