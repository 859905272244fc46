// thread_start.hpp: the shim's start routine, which stands between a thread's start and the
// program's function.
#pragma once

#include <pthread.h>
#include <threads.h>

#include "thread_path.hpp"

namespace heddle::inject {

/// Counts an attempt of the calling thread to create a thread, and returns the path of the new
/// thread. An attempt counts whether or not it succeeds, so that a failure shifts no other path. A
/// thread that passes its calls on creates threads of the unknown path.
ThreadPath path_of_next_thread();

/// Passes pthread_create on to the next definition, with the shim's start routine, which enters the
/// thread's path and stack into its state and then calls the program's. pthread_exit and
/// cancellation may unwind that routine. Does not use malloc.
int create_thread(const ThreadPath& path, pthread_t* thread, const pthread_attr_t* attributes,
                  void* (*routine)(void*), void* argument);

/// Passes thrd_create on in the same way.
int create_thread(const ThreadPath& path, thrd_t* thread, thrd_start_t routine, void* argument);

/// Gives the main thread its path and stack, learns the size of a default stack, and has forked
/// children extend the path of the forking thread. Called by start-up. May allocate.
void set_up_threads();

}  // namespace heddle::inject
