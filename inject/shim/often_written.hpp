// often_written.hpp: variables of the shim that nearly every run of a campaign writes.
#pragma once

namespace heddle::inject {

/// Has a variable lie among them, in pages of their own.
#define HEDDLE_INJECT_OFTEN_WRITTEN [[gnu::section("heddle_often_written")]]

/// Has this process get its own copies of these pages now. The first write to a page after a fork
/// replaces a mapping that the processors of all other threads must then forget, which interrupts
/// them: so a run does it before it has threads. Where the kernel cannot (before Linux 5.14), the
/// pages are had one by one, as they are written.
void have_often_written();

}  // namespace heddle::inject
