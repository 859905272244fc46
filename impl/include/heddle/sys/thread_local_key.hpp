// Keys of the operating system: for each key, every thread has one pointer of its own.
#pragma once

#include <pthread.h>

#include "heddle/error.hpp"
#include "heddle/result.hpp"

namespace heddle::sys::key {

/// Names a key within the process. Any number may name one, including zero.
using Key = pthread_key_t;

/// Makes a key, whose pointer is null on every thread at first. When a thread ends and its pointer
/// is not null, the pointer is set to null and its old value handed to `destructor`, if there is
/// one. If destructors set keys again, their destructors run again, four rounds in all. Destructors
/// must not throw. They do not run on the main thread when the process exits.
///
/// Returns EAGAIN (the process has all the keys that it may have) and ENOMEM as errors. Can be
/// called on any thread.
Result<Key, Error> create(void (*destructor)(void*));

/// Returns the calling thread's pointer; null if it has set none. Never fails.
inline void* get(Key key) noexcept {
  return ::pthread_getspecific(key);
}

/// Sets the calling thread's pointer. ENOMEM leaves the old pointer, which get() then shows, and
/// the destructor will not run for the new one.
void set(Key key, void* value);

/// Deletes the key; no thread may use it any more. Runs no destructor, now or later: each thread
/// has to free what it has under the key.
void destroy(Key key);

}  // namespace heddle::sys::key
