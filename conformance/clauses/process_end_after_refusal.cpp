// The end of a process in which the system has refused a thread.
#include <sys/wait.h>

#include <cerrno>
#include <cstdlib>

#include "clauses/in_child.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::string_view sources_of_exit =
    "ISO C++20, [support.start.term]; "
    "Rust documentation, std::process::exit; "
    "POSIX.1-2017, exit";

void spawn_in_vain() {
  on_spawned_thread([] {});
  const Closure body = closure("body", nothing_to_do);
  need_refusal(armed([=] { return try_spawn(body); }), body);
}

// Forks, has the child spawn in vain and then end by `ends`, and expects that it ends as asked.
template <class Ends>
void expect_status_of_child(Ends ends) {
  constexpr int status = 7;
  const int ended = status_of_child([=] {
    spawn_in_vain();
    ends(status);
  });
  expect(WIFEXITED(ended), "exit ends the process", "it ended in another way");
  expect_equal(static_cast<std::uint64_t>(WEXITSTATUS(ended)), status, "its exit status");
}

const auto main_returns =
    clause("SPAWN-341")
        .must("After a refused spawn the process ends when main returns, with main's status.")
        .source(
            "ISO C++20, [basic.start.main]; "
            "Rust documentation, std::thread",
            "A return statement in main has the effect of leaving the main function (destroying "
            "any objects with automatic storage duration) and calling std::exit with the return "
            "value (if any) as the argument.")
        .needs({Feature::spawn, Feature::join, Feature::kernel_threads})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .exits_with(0)
        .example(spawn_in_vain);

const auto main_exits =
    clause("SPAWN-342")
        .profile(everywhere, "After a refused spawn exit ends the process, with its status.")
        .source(sources_of_exit)
        .needs({Feature::spawn, Feature::join})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] { expect_status_of_child([](int status) { std::exit(status); }); });

const auto another_thread_exits =
    clause("SPAWN-343")
        .profile(everywhere,
                 "After a refused spawn exit on another thread ends the process, with its status.")
        .source(sources_of_exit)
        .needs({Feature::spawn, Feature::join})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          expect_status_of_child([](int status) {
            static_cast<void>(join(spawn([=] {
              std::exit(status);
              return returns();
            })));
          });
        });

}  // namespace
}  // namespace heddle::conformance
