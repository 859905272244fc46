// needs.hpp: whether the kernel, or libc, can give a certain errno to a certain call. The table and
// its reasons are in inject_calls.h.
#pragma once

#include "call.hpp"

namespace heddle::inject {

/// Says whether the call can get the errno; always, if the table asks nothing for it. May ask the
/// kernel for signal handlers or mappings. Async-signal-safe; errno stays.
bool can_get(const Call& call, int error);

/// Returns the needs of the row's errnos that this call meets, a bit of `heddle_inject_need` for
/// each. Skips needs whose bit is set in `known`.
std::uint32_t needs_met(const Call& call, std::uint32_t known);

}  // namespace heddle::inject
