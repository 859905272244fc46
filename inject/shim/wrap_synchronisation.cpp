// wrap_synchronisation.cpp: the calls that make what threads wait for.
#include <pthread.h>
#include <semaphore.h>

#include "exported.hpp"
#include "next_definitions.hpp"
#include "wrapped_call.hpp"

using heddle::inject::next_definitions;
using heddle::inject::or_nearest;
using heddle::inject::wrap;

HEDDLE_INJECT_EXPORTED int pthread_mutex_init(pthread_mutex_t* mutex,
                                              const pthread_mutexattr_t* attributes) noexcept {
  return wrap<HEDDLE_INJECT_PTHREAD_MUTEX_INIT>(or_nearest(next_definitions.pthread_mutex_init),
                                                mutex, attributes);
}

HEDDLE_INJECT_EXPORTED int pthread_cond_init(pthread_cond_t* condition,
                                             const pthread_condattr_t* attributes) noexcept {
  return wrap<HEDDLE_INJECT_PTHREAD_COND_INIT>(or_nearest(next_definitions.pthread_cond_init),
                                               condition, attributes);
}

HEDDLE_INJECT_EXPORTED int sem_init(sem_t* semaphore, int is_shared, unsigned value) noexcept {
  return wrap<HEDDLE_INJECT_SEM_INIT>(next_definitions.sem_init, semaphore, is_shared, value);
}
