// Spawning on a thread that is about to end, or is in the middle of something else.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

void spawn_and_join() {
  const Closure body = closure("late body", [] { return returns(); });
  expect(join(spawn(body)), returned());
  expect_equal(body.runs(), 1, "how often the late closure ran");
}

Ending spawns_when_dropped() {
  spawn_and_join();
  return returns();
}

const auto spawn_in_a_tls_destructor =
    clause("SPAWN-014")
        .profile(everywhere,
                 "A thread can be spawned and joined in the destructor of a thread local.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "Rust 1.63, library/std/src/io/stdio.rs: set_output_capture; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked")
        .needs({Feature::spawn, Feature::join, Feature::tls_lazy})
        .example([] {
          const Value late = value("thread local").when_dropped(spawns_when_dropped);
          initialise(lazy_slot(0), [=] { return returns(late); });
          expect(join(spawn([] { return touch(lazy_slot(0)), returns(); })), returned());
          expect_dropped(late);
        });

const auto spawn_while_unwinding =
    clause("SPAWN-307")
        .profile(everywhere,
                 "A thread can be spawned and joined in a destructor that runs during a panic.")
        .source(
            "Rust documentation, std::thread::spawn; "
            "Rust documentation, std::ops::Drop")
        .needs({Feature::spawn, Feature::join, Feature::panic})
        .example([] {
          const Value local = value("local").when_dropped(spawns_when_dropped);
          const Closure panicking_body = closure("body", [] { return panics("unwinds"); });
          expect(catch_unwind([=] { return enters(local, panicking_body); }), caught());
          expect_dropped(local);
        });

const auto spawn_at_exit =
    clause("SPAWN-308")
        .profile(everywhere, "A thread can be spawned and joined in an atexit handler.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked")
        .needs({Feature::spawn, Feature::join})
        .exits_with(7)
        .example([] {
          // The exit status shows that the handler has reached its end.
          const int registered = std::atexit([] {
            spawn_and_join();
            ::_exit(7);
          });
          if (registered != 0) {
            internal_error("atexit takes no handler");
          }
        });

const auto spawn_after_fork =
    clause("SPAWN-309")
        .profile(everywhere, "A thread can be spawned and joined in a forked child.")
        .source(
            "POSIX.1-2017, fork; "
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked")
        .needs({Feature::spawn, Feature::join})
        .example([] {
          spawn_and_join();
          const pid_t child = ::fork();
          if (child < 0) {
            internal_error("the machine refused the suite a process");
          }
          if (child == 0) {
            spawn_and_join();
            ::_exit(7);
          }
          int status = 0;
          while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
          }
          expect(WIFEXITED(status) && WEXITSTATUS(status) == 7,
                 "the forked child spawns, joins and ends", "it ended before");
        });

}  // namespace
}  // namespace heddle::conformance
