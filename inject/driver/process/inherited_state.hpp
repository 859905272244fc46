// inherited_state.hpp: the state that a process inherits besides arguments and environment: the
// actions and the mask of signals, limits, and whether descriptors 0 to 2 are open.
//
// All of it survives exec, and any of it can spoil a tool's work: with SIGCHLD ignored the kernel
// keeps no wait status, a mask may hide the signal that ends the tool, a small limit on files kills
// the tool. So a tool enters a known state first. The program that it runs may depend on the
// inherited state (nohup, a shell with ulimit), and gets it back.
#pragma once

namespace heddle::inject {

/// Saves the inherited state and enters the known one:
///   - no signal is blocked; SIGXFSZ is ignored, so that a file which may not grow is an error that
///     can be reported; all others have their default action, except those by which terminals and
///     supervisors end or stop a job, which stay ignored if they were (nohup applies to the tool as
///     well)
///   - each soft limit is as high as the hard one, but for core dumps and the stack
///   - descriptors 0 to 2 are taken: those that were closed fail each read and write, as before,
///     and are closed again by exec
/// Call this once, first in main.
void enter_known_state();

/// Restores actions, mask and limits as enter_known_state found them; does nothing if that was
/// never called. For a child that is about to execute a program. Async-signal-safe; keeps errno.
void restore_inherited_state();

}  // namespace heddle::inject
