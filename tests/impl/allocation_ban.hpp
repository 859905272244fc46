// A time in which nothing may be allocated.
#pragma once

namespace heddle::tests {

/// From now on operator new ends the process with status 9, on every thread.
void ban_allocations();

}  // namespace heddle::tests
