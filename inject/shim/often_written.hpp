// often_written.hpp: variables of the shim that nearly every run of a campaign writes.
#pragma once

namespace heddle::inject {

/// Puts a variable on the hot pages, which hold such variables alone.
#define HEDDLE_INJECT_OFTEN_WRITTEN [[gnu::section("heddle_often_written")]]

/// Prefaults the hot pages: gives this process its own copies now. The first write to a page after
/// a fork replaces a mapping, and interrupts the processors of all other threads, which must forget
/// the old one. So a run does this before it has threads. Before Linux 5.14 the pages are copied
/// one by one when they are written.
void have_often_written();

}  // namespace heddle::inject
