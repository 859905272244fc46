// wrap_pthread.cpp: the calls about threads, save those that create one. pthread_join is passed on
// to libc's, and so stays a cancellation point.
#include <pthread.h>

#include "exported.hpp"
#include "next_definitions.hpp"
#include "wrapped_call.hpp"

using heddle::inject::next_definitions;
using heddle::inject::wrap;

HEDDLE_INJECT_EXPORTED int pthread_attr_init(pthread_attr_t* attributes) noexcept {
  return wrap<HEDDLE_INJECT_PTHREAD_ATTR_INIT>(next_definitions.pthread_attr_init, attributes);
}

HEDDLE_INJECT_EXPORTED int pthread_attr_setstacksize(pthread_attr_t* attributes,
                                                     std::size_t size) noexcept {
  return wrap<HEDDLE_INJECT_PTHREAD_ATTR_SETSTACKSIZE>(next_definitions.pthread_attr_setstacksize,
                                                       attributes, size);
}

HEDDLE_INJECT_EXPORTED int pthread_attr_setstack(pthread_attr_t* attributes, void* address,
                                                 std::size_t size) noexcept {
  return wrap<HEDDLE_INJECT_PTHREAD_ATTR_SETSTACK>(next_definitions.pthread_attr_setstack,
                                                   attributes, address, size);
}

HEDDLE_INJECT_EXPORTED int pthread_attr_setguardsize(pthread_attr_t* attributes,
                                                     std::size_t size) noexcept {
  return wrap<HEDDLE_INJECT_PTHREAD_ATTR_SETGUARDSIZE>(next_definitions.pthread_attr_setguardsize,
                                                       attributes, size);
}

HEDDLE_INJECT_EXPORTED int pthread_attr_setschedparam(pthread_attr_t* attributes,
                                                      const sched_param* parameters) noexcept {
  return wrap<HEDDLE_INJECT_PTHREAD_ATTR_SETSCHEDPARAM>(next_definitions.pthread_attr_setschedparam,
                                                        attributes, parameters);
}

HEDDLE_INJECT_EXPORTED int pthread_attr_setinheritsched(pthread_attr_t* attributes,
                                                        int inherits) noexcept {
  return wrap<HEDDLE_INJECT_PTHREAD_ATTR_SETINHERITSCHED>(
      next_definitions.pthread_attr_setinheritsched, attributes, inherits);
}

HEDDLE_INJECT_EXPORTED int pthread_attr_destroy(pthread_attr_t* attributes) noexcept {
  return wrap<HEDDLE_INJECT_PTHREAD_ATTR_DESTROY>(next_definitions.pthread_attr_destroy,
                                                  attributes);
}

HEDDLE_INJECT_EXPORTED int pthread_getattr_np(pthread_t thread,
                                              pthread_attr_t* attributes) noexcept {
  return wrap<HEDDLE_INJECT_PTHREAD_GETATTR_NP>(next_definitions.pthread_getattr_np, thread,
                                                attributes);
}

HEDDLE_INJECT_EXPORTED int pthread_join(pthread_t thread, void** result) {
  return wrap<HEDDLE_INJECT_PTHREAD_JOIN>(next_definitions.pthread_join, thread, result);
}

HEDDLE_INJECT_EXPORTED int pthread_detach(pthread_t thread) noexcept {
  return wrap<HEDDLE_INJECT_PTHREAD_DETACH>(next_definitions.pthread_detach, thread);
}

HEDDLE_INJECT_EXPORTED int pthread_key_create(pthread_key_t* key,
                                              void (*destructor)(void*)) noexcept {
  return wrap<HEDDLE_INJECT_PTHREAD_KEY_CREATE>(next_definitions.pthread_key_create, key,
                                                destructor);
}

// glibc declares that the memory behind `value` is not accessed; g++ takes passing it on for an
// access.
#pragma GCC diagnostic push
#ifndef __clang__  // which does not know the warning
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
HEDDLE_INJECT_EXPORTED int pthread_setspecific(pthread_key_t key, const void* value) noexcept {
  return wrap<HEDDLE_INJECT_PTHREAD_SETSPECIFIC>(next_definitions.pthread_setspecific, key, value);
}
#pragma GCC diagnostic pop

HEDDLE_INJECT_EXPORTED int pthread_setname_np(pthread_t thread, const char* name) noexcept {
  return wrap<HEDDLE_INJECT_PTHREAD_SETNAME_NP>(next_definitions.pthread_setname_np, thread, name);
}
