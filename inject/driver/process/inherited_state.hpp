// inherited_state.hpp: what a process has from whoever starts it, beside its arguments and its
// environment: the actions and the mask of signals, limits, and whether descriptors 0 to 2 are
// open.
//
// All of it survives exec, and any of it can spoil a tool's work: with SIGCHLD ignored the kernel
// keeps no wait status, a mask may hide what ends the tool, a small limit on files kills it. So a
// tool starts from a state that it knows. What it runs may be about just these things (nohup, a
// shell with ulimit), and gets them back.
#pragma once

namespace heddle::inject {

/// Notes what this process has inherited, and puts it into the known state:
///   - no signal is blocked; SIGXFSZ is ignored, so that a file which may not grow is an error that
///     can be reported; all others have their default action, except those by which terminals and
///     supervisors end or stop a job, which stay ignored if they were (nohup means the tool as
///     well)
///   - each soft limit is as high as the hard one, but for core dumps and the stack
///   - descriptors 0 to 2 are taken: those that were closed fail each read and write, as before,
///     and are closed again by exec
/// To be called first in main, once.
void enter_known_state();

/// Puts back actions, mask and limits as enter_known_state found them; nothing, if that was never
/// called. For a child that is about to execute a program. Async-signal-safe, and keeps errno.
void restore_inherited_state();

}  // namespace heddle::inject
