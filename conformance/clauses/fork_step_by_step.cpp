// A fork between any two instructions of another thread's spawn.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <vector>

#include "stage/stage.hpp"
#include "stage/stepping.hpp"

namespace heddle::conformance {
namespace {

void spawn_and_join() {
  expect(join(spawn([] { return returns(); })), returned());
}

// Children that spawn and join a thread. They are awaited at the end: a visitor that waited for one
// would let the stepped thread go on meanwhile.
class SpawningChildren {
 public:
  void fork_one() const {
    const pid_t child = ::fork();
    if (child < 0) {
      internal_error("the machine refused the suite a process");
    }
    if (child == 0) {
      spawn_and_join();
      ::_exit(0);
    }
    children_->push_back(child);
  }

  void expect_all_to_end() const {
    for (const pid_t child : *children_) {
      int status = 0;
      while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
      }
      expect_equal(static_cast<std::uint64_t>(status), 0, "the status of a forked child");
    }
    children_->clear();
  }

 private:
  std::shared_ptr<std::vector<pid_t>> children_ = std::make_shared<std::vector<pid_t>>();
};

// A child has the forking thread alone: what another thread holds is never let go there.
const auto fork_beside_a_spawn =
    clause("SPAWN-382")
        .should(
            "A child spawns and joins threads, whichever instruction of another thread's spawn the "
            "fork comes after.")
        .source(
            "POSIX.1-2017, pthread_atfork; "
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: spawn_unchecked")
        // No child has the threads of a pool.
        .needs({Feature::spawn, Feature::join, Feature::kernel_threads})
        .example([] {
          const SpawningChildren children;
          children.fork_one();  // binds what a fork calls
          children.expect_all_to_end();
          spawn_and_join();  // binds what a spawn calls
          const Stepping stepping("spawn");
          const JoinHandle visitor = spawn([=] {
            stepping.visit([=] { children.fork_one(); });
            return returns();
          });
          const Closure body = closure("stepped body", nothing_to_do);
          const JoinHandle stepped = handle_of(stepping.walk([=](heddle_outcome* out) {
            subject().spawning->spawn(nullptr, run_closure, body.captured().cookie(), out);
          }));
          expect(join(visitor), returned());
          expect(join(stepped), returned());
          children.expect_all_to_end();
        });

}  // namespace
}  // namespace heddle::conformance
