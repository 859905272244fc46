// call_at_kill.hpp: the system call that a process was killed for.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>

namespace heddle::inject {

/// Traces the process and all that it starts, calls `release`, which lets it run, and waits for its
/// end. Returns the number of the last system call that was entered before it: what a filter that
/// kills did not allow. Nothing when the process cannot be traced. The process is not reaped, and
/// must end by itself or be killed by somebody else.
std::optional<std::uint32_t> call_at_kill(pid_t process, const std::function<void()>& release);

}  // namespace heddle::inject
