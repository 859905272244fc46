// scenario.hpp: the scenarios of inject_coexistence_scenarios. Each prints what it saw, and returns
// the exit status; both are the same in every run, with the shim and without it.
#pragma once

namespace heddle::tests {

// processes.cpp
int call_twice();
int fork_and_call();
int execute_and_call();
int vfork_execute_and_call();
int vfork_and_exit();
int spawn_and_call();
int call_by_system();
int call_by_popen();

// signals.cpp
int call_with_full_masks();
int call_in_handlers();
int call_in_handler_on_alternate_stack();
int call_in_handler_on_smallest_stack();
int handle_sigsys();

// threads.cpp
int leave_c11_threads();
int unwind_nested_frames();
int count_threads();
int create_with_pending_cancellation();
int call_on_smallest_stack();

// loading.cpp
int load_and_unload();
int close_all_descriptors();

}  // namespace heddle::tests
