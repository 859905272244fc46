// start_up.cpp: what the shim does when it is loaded. Constructors of other libraries may have run
// before, and may have called the wrappers: until here the block is disarmed, and memory, signal
// stack and futex calls that find no next definition enter the kernel themselves.
#include <heddle/inject_control.h>

#include <cstdlib>

#include "control_block.h"
#include "next_definitions.h"

namespace heddle::inject {
namespace {

__attribute__((constructor)) void start_up() {
  resolve_next_definitions();
  // Armed last, so that no call which the resolving makes is counted.
  const char* const plan_file = std::getenv(HEDDLE_INJECT_ENVIRONMENT);
  if (plan_file != nullptr && *plan_file != '\0') {
    map_plan_file(plan_file);
  }
}

}  // namespace
}  // namespace heddle::inject
