// guarded_calls.h: the system calls with which a program could, unknowingly, block the signal that
// traps arrive as, or take the dispatch away. They do what it asks, save for that.
#ifndef HEDDLE_INJECT_SHIM_RAW_GUARDED_CALLS_H
#define HEDDLE_INJECT_SHIM_RAW_GUARDED_CALLS_H

#include "trap.h"

namespace heddle::inject {

/// Makes the trapped call here, or mends what it is about to do, where that is needed. True when it
/// was made, and the trap has its result; otherwise it is still to be made.
bool make_guarded_call(Trap& trap);

}  // namespace heddle::inject

#endif
