// call_at_kill.hpp: the system call for which a process was killed.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>

namespace heddle::inject {

/// Traces the process and all that it starts, calls `release`, which lets the process run, and
/// waits for its end. Returns the number of the last system call that was entered before the end:
/// the call that a killing filter refused. Returns nothing when the process cannot be traced. Does
/// not reap the process, nor kill it: it must end by itself, or somebody else must kill it.
std::optional<std::uint32_t> call_at_kill(pid_t process, const std::function<void()>& release);

}  // namespace heddle::inject
