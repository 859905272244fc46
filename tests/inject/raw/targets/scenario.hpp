// scenario.hpp: the scenarios of inject_raw_scenarios. Each prints what it saw, and returns the
// exit status; both are the same in every run, under the raw layer and without it.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace heddle::tests {

struct Scenario {
  const char* name;
  int (*run)();
};

/// Ends the program when a call that must succeed has not.
inline void require(bool holds, const char* what) {
  if (!holds) {
    std::printf("failed: %s\n", what);
    std::exit(1);
  }
}
#define REQUIRE_THAT(condition) ::heddle::tests::require((condition), #condition)

/// A system call made by inline assembly, which no wrapper sees: a result or a negative errno.
inline long inline_system_call(long number, long first = 0, long second = 0, long third = 0,
                               long fourth = 0) {
  register long fourth_register __asm__("r10") = fourth;
  long result = number;
  __asm__ volatile("syscall"
                   : "+a"(result)
                   : "D"(first), "S"(second), "d"(third), "r"(fourth_register)
                   : "rcx", "r11", "memory");
  return result;
}

// threads.cpp
int spawn_and_join();
int spawn_detached();
int contend_for_mutex();
int wait_on_condition();
int cancel_deferred();
int cancel_masked_wait();
int cancel_asynchronously();
int leave_by_pthread_exit();

// signals.cpp
int signal_storm();
int alternate_stack();
int jump_out_of_handler();
int suspend();
int wait_with_full_masks();
int timer();

// signal_masks.cpp
int block_all_signals();
int block_all_in_handlers();
int mask_of_signal_frame();
int own_sigsys_handler();
int own_filter();

// processes.cpp
int fork_from_threads();
int inline_fork();
int vfork_and_exec();
int spawn_process();
int run_shell();
int read_from_shell();
int execute();
int vfork_and_call();
int clone_without_handlers();

// inline_calls.cpp
int inline_calls();
int bad_pointers();
int compatible_call();
int own_dispatch();
int many_places();
int unmap_own_stack();
int foreign_thread_storage();

// steered_calls.cpp
int pass_through();
int create_thread();
int wait_for_mutex();

}  // namespace heddle::tests
