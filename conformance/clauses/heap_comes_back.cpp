// Memory of the heap: what threads and refused spawns take of it comes back.
//
// The suite's own log and values grow with each call. So these checks call the subject's table
// directly, with bodies that capture nothing.
#include <atomic>
#include <cerrno>

#include "clauses/process_resources.hpp"
#include "stage/kernel_thread.hpp"
#include "stage/stage.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

std::atomic<std::int32_t> last_kernel_thread = 0;

void plain_body(heddle_cookie /*env*/, void* /*argument*/, heddle_outcome* /*out*/) {
  last_kernel_thread.store(kernel_thread_id(), std::memory_order_relaxed);
}

// Ends in a panic that runs no hook, and whose payload is static text.
void panicking_body(heddle_cookie /*env*/, void* /*argument*/, heddle_outcome* out) {
  constexpr std::string_view text = "a panic";
  out->tag = HEDDLE_RESUMED;
  out->payload = HEDDLE_PAYLOAD_LITERAL;
  out->text = text.data();
  out->text_length = text.size();
}

heddle_outcome spawn_raw(heddle_body body) {
  heddle_outcome spawned{};
  subject().spawning->spawn(nullptr, body, 0, &spawned);
  return spawned;
}

void* started(heddle_body body) {
  const heddle_outcome spawned = spawn_raw(body);
  if (spawned.tag != HEDDLE_RETURNED) {
    internal_error("the machine refused a thread; run with fewer jobs or more memory");
  }
  return spawned.handle;
}

void spawn_and_join(heddle_body body) {
  heddle_outcome joined{};
  subject().spawning->join(started(body), &joined);
}

const auto joined_threads =
    clause("SPAWN-333")
        .should("Threads that have been joined leave nothing on the heap.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: JoinInner::join; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: JoinInner::join; "
            "POSIX.1-2017, pthread_join")
        .needs({Feature::spawn, Feature::join})
        .example([] { expect_heap_comes_back([] { spawn_and_join(plain_body); }); });

const auto panicked_threads =
    clause("SPAWN-334")
        .should("Threads that have panicked and been joined leave nothing on the heap.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: JoinInner::join; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: JoinInner::join")
        .needs({Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] { expect_heap_comes_back([] { spawn_and_join(panicking_body); }); });

const auto detached_threads =
    clause("SPAWN-335")
        .should("Detached threads that have ended leave nothing on the heap.")
        .source(
            "ISO C++20, [thread.thread.member]; "
            "Rust documentation, std::thread::spawn; "
            "pthread_detach(3)",
            "When the thread previously represented by *this ends execution, the implementation "
            "releases any owned resources.")
        .needs({Feature::spawn, Feature::detach, Feature::kernel_threads})
        .example([] {
          expect_heap_comes_back([] {
            last_kernel_thread.store(0, std::memory_order_relaxed);
            heddle_outcome detached{};
            subject().spawning->detach(started(plain_body), &detached);
            while (last_kernel_thread.load(std::memory_order_relaxed) == 0) {
              static_cast<void>(system_call(SYS_sched_yield));  // cannot fail on Linux
            }
            wait_until_gone(last_kernel_thread.load(std::memory_order_relaxed));
          });
        });

const auto refused_threads =
    clause("SPAWN-336")
        .should("A spawn that the system refuses leaves nothing on the heap.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new")
        .needs({Feature::spawn, Feature::join, Feature::kernel_threads})
        .fault(fails_first(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN, UINT64_MAX))
        .example([] {
          spawn_and_join(plain_body);
          armed([] {
            expect_heap_comes_back([] {
              if (spawn_raw(plain_body).tag == HEDDLE_RETURNED) {
                excuse("the runtime started the thread although the system had refused one");
              }
            });
          });
        });

// More than the rounds of both checks for one call that is refused.
constexpr std::uint64_t refusals = 3000;

// Has the next call on a spawn's way refused from now on, until it has been refused often enough.
// Expects that the spawns leave nothing behind meanwhile.
void expect_refusals_to_leave_nothing(std::string_view call) {
  note(fmt::format("from here on the system refuses {}", call));
  std::uint64_t refused = 0;
  const auto round = [&] {
    expect(spawn_raw(plain_body).tag == HEDDLE_FAILED,
           fmt::format("spawn fails when the system refuses {}", call), "it did not fail");
    ++refused;
  };
  expect_heap_comes_back(round);
  const std::uint64_t before = count_pages();
  expect_resources_come_back(round);
  expect_little_growth("pages of address space", before, count_pages());
  while (refused < refusals) {
    round();
  }
}

const auto every_refused_call =
    clause("SPAWN-340")
        .profile({"heddle"},
                 "Whichever call of a spawn the system refuses, the spawn fails and leaves nothing "
                 "behind: no memory, descriptor, key or thread.")
        .source("impl/README.md, What happens when a call fails")
        .needs({Feature::spawn, Feature::overflow_report, Feature::start})
        .fault(fails_first(HEDDLE_INJECT_PTHREAD_ATTR_INIT, ENOMEM, refusals))
        .fault(fails_first(HEDDLE_INJECT_PTHREAD_ATTR_SETSTACKSIZE, ENOMEM, refusals))
        .fault(fails_first(HEDDLE_INJECT_MMAP, ENOMEM, refusals))
        .fault(fails_first(HEDDLE_INJECT_MPROTECT, ENOMEM, refusals))
        .fault(fails_first(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN, refusals))
        .example([] {
          start_runtime();
          armed([] {
            expect_refusals_to_leave_nothing("pthread_attr_init");
            expect_refusals_to_leave_nothing("pthread_attr_setstacksize");
            expect_refusals_to_leave_nothing("mmap");
            expect_refusals_to_leave_nothing("mprotect");
            expect_refusals_to_leave_nothing("pthread_create");
          });
        });

}  // namespace
}  // namespace heddle::conformance
