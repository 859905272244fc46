// inject_raw_scenarios NAME: does what NAME says; without it, lists the names.
#include <string_view>

#include "scenario.hpp"

namespace {

using namespace heddle::tests;

constexpr Scenario scenarios[] = {
    {"spawn_and_join", spawn_and_join},
    {"spawn_detached", spawn_detached},
    {"contend_for_mutex", contend_for_mutex},
    {"wait_on_condition", wait_on_condition},
    {"cancel_deferred", cancel_deferred},
    {"cancel_masked_wait", cancel_masked_wait},
    {"cancel_asynchronously", cancel_asynchronously},
    {"leave_by_pthread_exit", leave_by_pthread_exit},
    {"signal_storm", signal_storm},
    {"alternate_stack", alternate_stack},
    {"jump_out_of_handler", jump_out_of_handler},
    {"suspend", suspend},
    {"wait_with_full_masks", wait_with_full_masks},
    {"timer", timer},
    {"block_all_signals", block_all_signals},
    {"block_all_in_handlers", block_all_in_handlers},
    {"mask_of_signal_frame", mask_of_signal_frame},
    {"own_sigsys_handler", own_sigsys_handler},
    {"own_filter", own_filter},
    {"fork_from_threads", fork_from_threads},
    {"inline_fork", inline_fork},
    {"vfork_and_exec", vfork_and_exec},
    {"spawn_process", spawn_process},
    {"run_shell", run_shell},
    {"read_from_shell", read_from_shell},
    {"execute", execute},
    {"vfork_and_call", vfork_and_call},
    {"clone_without_handlers", clone_without_handlers},
    {"inline_calls", inline_calls},
    {"bad_pointers", bad_pointers},
    {"compatible_call", compatible_call},
    {"unmap_own_stack", unmap_own_stack},
    {"foreign_thread_storage", foreign_thread_storage},
    {"own_dispatch", own_dispatch},
    {"many_places", many_places},
    {"create_thread", create_thread},
    {"wait_for_mutex", wait_for_mutex},
    {"pass_through", pass_through},
};

}  // namespace

int main(int argument_count, char** arguments) {
  for (const Scenario& scenario : scenarios) {
    if (argument_count < 2) {
      std::puts(scenario.name);
    } else if (std::string_view(arguments[1]) == scenario.name) {
      return scenario.run();
    }
  }
  return argument_count < 2 ? 0 : 2;
}
