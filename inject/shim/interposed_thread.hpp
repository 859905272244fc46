// interposed_thread.hpp: threads that ThreadSanitizer creates for itself.
//
// clang links ThreadSanitizer into the program, before the shim. So the program's pthread_create is
// the sanitizer's interceptor, or leads to it, and the interceptor passes its calls on to the shim.
// Calls also come from elsewhere in the sanitizer, which starts a background thread with the
// program's first thread: those are not the program's.
#pragma once

namespace heddle::inject {

/// Says whether ThreadSanitizer calls pthread_create for a thread of its own.
bool is_sanitizers_own_thread(const void* return_address);

/// Finds the interceptor. Called once, by start-up.
void set_up_interposed_threads();

}  // namespace heddle::inject
