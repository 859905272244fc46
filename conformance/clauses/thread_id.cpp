// Thread ids: every thread has a number of its own, as long as it lives or for ever.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

std::uint64_t id_of_thread(JoinHandle thread) {
  const ThreadHandle handle = thread_of(thread);
  const std::uint64_t id = id_of(handle);
  drop(handle);
  return id;
}

void expect_distinct(std::vector<std::uint64_t> ids) {
  std::sort(ids.begin(), ids.end());
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  expect(twice == ids.end(), fmt::format("{} threads have as many ids", ids.size()),
         twice == ids.end() ? "" : fmt::format("two of them had the id {}", *twice));
}

const auto never_reused =
    clause("SPAWN-068")
        .must("A thread's id is not 0, and no other thread of the process ever has it.")
        .source(
            "heddle/subject.h, HEDDLE_UNIQUE_IDS; "
            "Rust documentation, std::thread::ThreadId",
            "No two threads of the process ever have the same id, and none has 0.")
        .needs({Feature::spawn, Feature::join, Feature::thread_handle, Feature::thread_id,
                Feature::handle_thread, Feature::unique_ids})
        .example([] {
          constexpr int threads = 100;
          std::vector<std::uint64_t> ids = {own_id()};
          expect(ids.front() != 0, "no thread has the id 0", "main has");
          for (int i = 0; i < threads; ++i) {
            const JoinHandle thread = spawn(nothing_to_do);
            ids.push_back(id_of_thread(thread));
            expect(ids.back() != 0, "no thread has the id 0", "one has");
            expect(join(thread), returned());  // gone, so its number could be given out again
          }
          expect_distinct(ids);
        });

const auto consecutive =
    clause("SPAWN-069")
        .profile(everywhere,
                 "Each new thread takes the next id; where the runtime starts main, main's is 1.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: ThreadId::new; "
            "Rust 1.95, library/std/src/thread/id.rs: ThreadId::new")
        .needs({Feature::spawn, Feature::join, Feature::thread_handle, Feature::thread_id,
                Feature::handle_thread})
        .example([] {
          const std::uint64_t mine = own_id();
          if ((subject().flags & HEDDLE_OWNS_MAIN) != 0) {
            expect_equal(mine, 1, "main's id");
          }
          const JoinHandle first = spawn(nothing_to_do);
          const JoinHandle second = spawn(nothing_to_do);
          const std::uint64_t first_id = id_of_thread(first);
          expect_equal(id_of_thread(second), first_id + 1, "the id of the second thread");
          expect(join(first), returned());
          expect(join(second), returned());
        });

const auto exhaustion =
    clause("SPAWN-070")
        .profile({"heddle"},
                 "When the ids are used up, no thread is spawned any more, and the count does not "
                 "wrap.")
        .source("Rust 1.63, library/std/src/thread/mod.rs: ThreadId::new")
        .needs({Feature::spawn, Feature::join, Feature::handle_thread, Feature::thread_handle,
                Feature::thread_id, Feature::preset_thread_id})
        .example([] {
          constexpr std::uint64_t last_id = std::numeric_limits<std::uint64_t>::max() - 1;
          drop(current_thread());
          heddle_outcome raw{};
          subject().presets->next_thread_id(last_id, &raw);
          expect(Outcome("the preset of the next id", raw, false), returned());
          const JoinHandle last = spawn(nothing_to_do);
          expect_equal(id_of_thread(last), last_id, "the id of the last thread");
          expect(join(last), returned());
          for (int attempt = 0; attempt < 3; ++attempt) {
            const Closure body = closure("body", nothing_to_do);
            expect(try_spawn(body), refused_or_panicked());
            expect_dropped_on(body.captured(), here());
          }
        });

// Notes the ids of the calling thread and of the threads that it spawns. All of them live until
// every party has noted its ids.
Ending spawn_held(const std::vector<Counter>& ids, Barrier all_have_begun, Barrier all_are_known) {
  all_have_begun.wait();
  ids.front().set(own_id());
  std::vector<JoinHandle> threads;
  const Signal end;
  for (std::size_t i = 1; i < ids.size(); ++i) {
    threads.push_back(spawn([=] {
      end.wait();
      return returns();
    }));
    ids[i].set(id_of_thread(threads.back()));
  }
  all_are_known.wait();
  end.set();
  for (const JoinHandle thread : threads) {
    expect(join(thread), returned());
  }
  return returns();
}

const auto distinct_when_made_at_once =
    clause("SPAWN-071")
        .must(
            "Threads that are alive at the same time have ids of their own, even when "
            "several threads spawn them at once.")
        .source(
            "heddle/subject.h, heddle_threads.id; "
            "Rust documentation, std::thread::ThreadId; "
            "ISO C++20, [thread.thread.id]; "
            "ISO C17, 7.26.5.4; "
            "POSIX.1-2017, XSH 2.9.2",
            "RETURNED: `value` identifies the thread within the process")
        .needs({Feature::spawn, Feature::join, Feature::thread_handle, Feature::thread_id,
                Feature::handle_thread})
        .example([] {
          constexpr std::uint32_t spawners = 4;
          constexpr std::size_t each = 8;
          const Barrier together(spawners);
          const Barrier all_are_known(spawners);
          std::vector<Counter> ids(spawners * (each + 1));
          std::vector<JoinHandle> threads;
          for (std::uint32_t number = 0; number < spawners; ++number) {
            const auto first = ids.begin() + static_cast<long>(number * (each + 1));
            const std::vector<Counter> mine(first, first + static_cast<long>(each + 1));
            threads.push_back(spawn([=] { return spawn_held(mine, together, all_are_known); }));
          }
          for (const JoinHandle thread : threads) {
            expect(join(thread), returned());
          }
          std::vector<std::uint64_t> numbers;
          numbers.push_back(own_id());
          std::transform(ids.begin(), ids.end(), std::back_inserter(numbers),
                         [](const Counter& id) { return id.get(); });
          expect_distinct(numbers);
        });

}  // namespace
}  // namespace heddle::conformance
