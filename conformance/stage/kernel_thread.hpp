// Kernel threads as a check sees them: asleep, running, or gone.
//
// A subject's thread need not have a kernel thread of its own: a pool keeps its kernel threads for
// later bodies. If a check awaits an end that never comes, the case ends without a verdict.
#pragma once

#include <cstdint>

namespace heddle::conformance {

/// Gives the thread with this kernel number time to block: returns when the thread sleeps, or after
/// a while. Helps to reach rare interleavings; must not decide a verdict.
void let_block(std::int32_t kernel_thread_id);

/// Returns whether the thread with this kernel number sleeps or is gone. Only a glimpse: the thread
/// may be woken at any moment.
bool is_asleep(std::int32_t kernel_thread_id);

/// Gives the thread with this kernel number, whose body is about to return, time to end. Returns
/// true when the kernel thread is gone, and so everything that it does at its exit is done. Returns
/// false when it idles instead, because the runtime keeps it.
bool let_end(std::int32_t kernel_thread_id);

/// Waits until the kernel thread is gone. Ends the case without a verdict if the runtime keeps it.
void wait_until_gone(std::int32_t kernel_thread_id);

/// Ends the case without a verdict when a kernel thread has outlived its body: values that die with
/// the thread may then live on.
void excuse_kept_threads();

}  // namespace heddle::conformance
