// interposed_thread.hpp: threads that ThreadSanitizer creates for itself.
//
// clang links it into the program, in front of the shim: the program's pthread_create is its
// interceptor, and what reaches the shim comes from there, or from its start of a background thread
// with the program's first. That one is no call of the program's.
#pragma once

namespace heddle::inject {

/// Whether pthread_create is being called by ThreadSanitizer for a thread of its own.
bool is_sanitizers_own_thread(const void* return_address);

/// Finds out where the interceptor lies. Called once, by start-up.
void set_up_interposed_threads();

}  // namespace heddle::inject
