// guarded_calls.hpp: the system calls with which a program could, unknowingly, block the trap
// signal or take the dispatch away. They do everything else that the program asks.
#pragma once

#include "trap.hpp"

namespace heddle::inject {

/// Makes the trapped call here, or mends its arguments, where that is necessary. True when the call
/// was made and the trap has its result; otherwise it must still be made.
bool make_guarded_call(Trap& trap);

}  // namespace heddle::inject
