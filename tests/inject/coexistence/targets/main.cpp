// inject_coexistence_scenarios NAME: does what NAME says.
#include <string_view>

#include "scenario.hpp"

namespace {

using namespace heddle::tests;

struct Scenario {
  const char* name;
  int (*run)();
};

constexpr Scenario scenarios[] = {
    {"call_twice", call_twice},
    {"fork_and_call", fork_and_call},
    {"execute_and_call", execute_and_call},
    {"vfork_execute_and_call", vfork_execute_and_call},
    {"vfork_and_exit", vfork_and_exit},
    {"spawn_and_call", spawn_and_call},
    {"call_by_system", call_by_system},
    {"call_by_popen", call_by_popen},
    {"call_with_full_masks", call_with_full_masks},
    {"call_in_handlers", call_in_handlers},
    {"call_in_handler_on_alternate_stack", call_in_handler_on_alternate_stack},
    {"call_in_handler_on_smallest_stack", call_in_handler_on_smallest_stack},
    {"handle_sigsys", handle_sigsys},
    {"leave_c11_threads", leave_c11_threads},
    {"unwind_nested_frames", unwind_nested_frames},
    {"count_threads", count_threads},
    {"create_with_pending_cancellation", create_with_pending_cancellation},
    {"call_on_smallest_stack", call_on_smallest_stack},
    {"load_and_unload", load_and_unload},
    {"close_all_descriptors", close_all_descriptors},
};

}  // namespace

int main(int argument_count, char** arguments) {
  for (const Scenario& scenario : scenarios) {
    if (argument_count == 2 && std::string_view(arguments[1]) == scenario.name) {
      return scenario.run();
    }
  }
  return 2;
}
