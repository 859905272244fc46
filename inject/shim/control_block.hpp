// control_block.hpp: the control block of the process.
#pragma once

#include <heddle/inject_control.h>

#include <atomic>

namespace heddle::inject {

/// The process's own, disarmed block until start-up puts the mapped plan file in its place; never
/// null. Stored with release and read with acquire, so that a thread that another constructor has
/// started sees a mapped plan.
// Constant-initialised where it is defined, which the check cannot see from a declaration.
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers)
extern constinit std::atomic<heddle_inject_control*> control_block;

/// Maps the plan file shared, with its record, and keeps no descriptor. start-up calls this once,
/// and puts the block into effect later. A plan that cannot be used ends the process with status
/// 125 and a message: run unharmed, the program would pass for one that had survived its faults.
heddle_inject_control& map_plan_file(const char* path);

}  // namespace heddle::inject
