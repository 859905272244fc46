// wrap_thread_creation.cpp: pthread_create, and thrd_create, which does not go through the former's
// symbol.
#include "exported.hpp"
#include "interposed_thread.hpp"
#include "next_definitions.hpp"
#include "thread_start.hpp"
#include "wrapped_call.hpp"

using heddle::inject::create_thread;
using heddle::inject::is_sanitizers_own_thread;
using heddle::inject::next_definitions;
using heddle::inject::path_of_next_thread;
using heddle::inject::ThreadPath;
using heddle::inject::wrap;

HEDDLE_INJECT_EXPORTED int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                          void* (*routine)(void*), void* argument) noexcept {
  if (is_sanitizers_own_thread(__builtin_return_address(0))) [[unlikely]] {
    return next_definitions.pthread_create(thread, attributes, routine, argument);
  }
  const ThreadPath path = path_of_next_thread();
  const auto create = [&path](auto... arguments) { return create_thread(path, arguments...); };
  return wrap<HEDDLE_INJECT_PTHREAD_CREATE>(create, thread, attributes, routine, argument);
}

HEDDLE_INJECT_EXPORTED int thrd_create(thrd_t* thread, thrd_start_t routine, void* argument) {
  const ThreadPath path = path_of_next_thread();
  const auto create = [&path](auto... arguments) { return create_thread(path, arguments...); };
  return wrap<HEDDLE_INJECT_THRD_CREATE>(create, thread, routine, argument);
}
