#include "heddle/sys/thread_local_destructor.hpp"

#include "heddle/sys/fatal.hpp"

// libc's list of functions to call at the end of a thread, and the handle of the shared object that
// this file is linked into. By this handle libc keeps the object loaded as long as the list needs
// it.
extern "C" {
int __cxa_thread_atexit_impl(void (*destroy)(void*), void* object, void* shared_object);
extern char __dso_handle __attribute__((visibility("hidden")));
}

namespace heddle::sys {

void register_thread_local_destructor(void* object, void (*destroy)(void*)) {
  const int error = __cxa_thread_atexit_impl(destroy, object, &__dso_handle);
  if (error != 0) {
    // glibc itself ends the process when it has no memory for the entry, so it never returns an
    // error.
    fatal_call("__cxa_thread_atexit_impl", error);
  }
}

}  // namespace heddle::sys
