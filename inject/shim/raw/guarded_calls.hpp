// guarded_calls.hpp: the system calls with which a program could, unknowingly, block the signal
// that traps arrive as, or take the dispatch away. They do what it asks, save for that.
#pragma once

#include "trap.hpp"

namespace heddle::inject {

/// Makes the trapped call here, or mends what it is about to do, where that is needed. True when it
/// was made, and the trap has its result; otherwise it is still to be made.
bool make_guarded_call(Trap& trap);

}  // namespace heddle::inject
