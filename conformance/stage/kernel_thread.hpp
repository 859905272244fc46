// The kernel's threads, as a check sees them: asleep, running, gone.
//
// A subject's thread need not be a thread of the kernel's: a pool keeps those for later bodies. So
// what a check awaits here may never come, and then the case ends without a verdict; it never
// accuses.
#pragma once

#include <cstdint>

namespace heddle::conformance {

/// Gives the thread with this kernel number the time to block, if it is going to: returns when it
/// sleeps, or after a while. An aid for reaching rare interleavings; it must not decide a verdict.
void let_block(std::int32_t kernel_thread_id);

/// Whether the thread with this kernel number sleeps, or is gone. Only a glimpse: it may be woken
/// at any moment.
bool is_asleep(std::int32_t kernel_thread_id);

/// Gives the thread with this kernel number, whose body is about to return, the time to end.
/// Returns true when the kernel has no such thread any more: all that it does, also at its exit, is
/// done. Returns false when it idles instead, as one does that the runtime keeps.
bool let_end(std::int32_t kernel_thread_id);

/// Returns once the kernel's thread is gone. Ends the case without a verdict when the runtime keeps
/// it.
void wait_until_gone(std::int32_t kernel_thread_id);

/// Ends the case without a verdict when a kernel thread of the runtime's has outlived its body:
/// then what dies with the thread may live on.
void excuse_kept_threads();

}  // namespace heddle::conformance
