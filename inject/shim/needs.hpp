// needs.hpp: whether a call is such that the kernel, or libc, can give it a certain errno. The
// table and its reasons are in inject_calls.h.
#pragma once

#include "call.hpp"

namespace heddle::inject {

/// Whether this call can get the errno: true for all that the table asks nothing of. May ask the
/// kernel for signal handlers or mappings. Async-signal-safe; errno stays.
bool can_get(const Call& call, int error);

/// Of the needs that errnos of the call's row have, those that this call meets: one bit for each,
/// from `heddle_inject_need`. Needs whose bit is set in `known` are not looked at again.
std::uint32_t needs_met(const Call& call, std::uint32_t known);

}  // namespace heddle::inject
