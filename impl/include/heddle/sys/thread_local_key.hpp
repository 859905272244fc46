// Keys of the operating system: numbers under which every thread keeps one pointer of its own.
#pragma once

#include <pthread.h>

#include "heddle/error.hpp"
#include "heddle/result.hpp"

namespace heddle::sys::key {

/// Names a key within the process. Any number may be one, zero too.
using Key = pthread_key_t;

/// Makes a key, null on every thread at first. When a thread ends whose pointer is not null, that
/// is set to null and handed to `destructor`, if there is one; if destructors set keys again, they
/// are run again, four rounds in all. They do not run on the main thread when the process exits,
/// and must not throw.
///
/// EAGAIN (the process has all the keys it may have) and ENOMEM are the caller's. Any thread.
Result<Key, Error> create(void (*destructor)(void*));

/// The calling thread's pointer; null if it has set none. Never fails.
inline void* get(Key key) noexcept {
  return ::pthread_getspecific(key);
}

/// Sets the calling thread's pointer. ENOMEM leaves it as it was: whoever sets a key finds out by
/// asking for it, and its destructor will not run for what was not remembered.
void set(Key key, void* value);

/// Gives the number back to the system. Runs no destructor, now or later: what the threads have
/// under the key is theirs to free. No thread may use the key any more.
void destroy(Key key);

}  // namespace heddle::sys::key
