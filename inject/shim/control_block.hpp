// control_block.hpp: where the process's control block is.
#pragma once

#include <heddle/inject_control.h>

#include <atomic>

namespace heddle::inject {

/// Never null: the process's own, disarmed block, or the plan file that start-up has mapped in its
/// place. Stored with release and read with acquire, so that a thread which another constructor has
/// started never sees an unmapped plan.
// Constant-initialised where it is defined, which the check cannot see from a declaration.
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers)
extern constinit std::atomic<heddle_inject_control*> control_block;

/// Maps the plan file shared, with the record that lies in it; keeps no descriptor. The block is
/// not yet the process's own. Called once, by start-up. A plan that cannot be used ends the process
/// with status 125 and a message: run unharmed, the program would pass for one that had survived
/// its faults.
heddle_inject_control& map_plan_file(const char* path);

}  // namespace heddle::inject
