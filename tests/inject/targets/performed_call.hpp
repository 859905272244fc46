// performed_call.hpp: makes one injectable call, and judges its result as any caller would.
#pragma once

#include <string_view>

namespace heddle::tests {

/// Makes the call: a row's name, or another spelling of it, such as "mmap64", or "syscall.mmap" for
/// libc's syscall(). Returns the errno that the caller saw, or 0; -1 for an unknown name. Ends the
/// program when a call that succeeds has changed errno.
int perform(std::string_view call);

/// The same for each name that perform knows.
void perform_every_call();

}  // namespace heddle::tests
