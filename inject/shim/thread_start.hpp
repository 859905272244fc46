// thread_start.hpp: how the shim comes to stand between a thread's start and the program's
// function.
#pragma once

#include <pthread.h>
#include <threads.h>

#include "thread_path.hpp"

namespace heddle::inject {

/// Counts an attempt of the calling thread to create a thread, and says what path that one would
/// have. An attempt counts whether or not it succeeds, so that a failure shifts no other path; a
/// thread that passes its calls on creates threads of the unknown path.
ThreadPath path_of_next_thread();

/// Passes pthread_create on to the next definition, with a start routine of the shim's own that
/// enters the thread's path and stack into its state, and then calls the program's. That routine
/// may be unwound by pthread_exit and cancellation. Nothing is allocated by malloc.
int create_thread(const ThreadPath& path, pthread_t* thread, const pthread_attr_t* attributes,
                  void* (*routine)(void*), void* argument);

/// The same for thrd_create.
int create_thread(const ThreadPath& path, thrd_t* thread, thrd_start_t routine, void* argument);

/// What start-up does about threads: the main thread gets its path and stack, the size of a default
/// stack is learnt, and forked children extend the path of the thread that forks. May allocate.
void set_up_threads();

}  // namespace heddle::inject
