#include "heddle/sys/thread_local_key.hpp"

#include <cerrno>

#include "heddle/sys/fatal.hpp"

namespace heddle::sys::key {

Result<Key, Error> create(void (*destructor)(void*)) {
  Key key{};
  const int error = ::pthread_key_create(&key, destructor);
  if (error == EAGAIN || error == ENOMEM) {
    return Error("pthread_key_create", error);
  }
  if (error != 0) {
    fatal_call("pthread_key_create", error);
  }
  return key;
}

void set(Key key, void* value) {
  const int error = ::pthread_setspecific(key, value);
  // ENOMEM: libc has no room for the pointer; the header says what follows.
  if (error != 0 && error != ENOMEM) {
    fatal_call("pthread_setspecific", error);  // EINVAL: no such key
  }
}

void destroy(Key key) {
  if (const int error = ::pthread_key_delete(key); error != 0) {
    fatal_call("pthread_key_delete", error);  // EINVAL: no such key
  }
}

}  // namespace heddle::sys::key
