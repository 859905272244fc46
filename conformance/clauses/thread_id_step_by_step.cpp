// The id of a new thread, taken while other threads take ids between any two instructions.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "clauses/new_thread_id.hpp"
#include "stage/stage.hpp"
#include "stage/stepping.hpp"

namespace heddle::conformance {
namespace {

// The ids of threads, in the order in which the visitor of a stepped call saw them.
class SeenIds {
 public:
  // Expects that no thread before has had this id.
  void add(std::uint64_t id) const {
    const auto same = std::find(ids_->begin(), ids_->end(), id);
    expect(same == ids_->end(), "each thread has an id of its own",
           same == ids_->end() ? "" : fmt::format("a second thread has the id {}", id));
    ids_->push_back(id);
  }

 private:
  std::shared_ptr<std::vector<std::uint64_t>> ids_ = std::make_shared<std::vector<std::uint64_t>>();
};

const auto ids_while_a_thread_is_spawned =
    clause("SPAWN-380")
        .must(
            "A spawned thread has an id of its own, whichever instruction of its spawn another "
            "thread is spawned after.")
        .source(
            "heddle/subject.h, HEDDLE_UNIQUE_IDS; "
            "Rust documentation, std::thread::ThreadId",
            "No two threads of the process ever have the same id, and none has 0.")
        .needs({Feature::spawn, Feature::join, Feature::thread_handle, Feature::thread_id,
                Feature::handle_thread, Feature::unique_ids})
        .example([] {
          const SeenIds ids;
          ids.add(id_of_a_new_thread());  // binds what a spawn calls
          const Stepping stepping("spawn");
          const JoinHandle visitor = spawn([=] {
            stepping.visit([=] { ids.add(id_of_a_new_thread()); });
            return returns();
          });
          const Closure body = closure("stepped body", nothing_to_do);
          const JoinHandle stepped = handle_of(stepping.walk([=](heddle_outcome* out) {
            subject().spawning->spawn(nullptr, run_closure, body.captured().cookie(), out);
          }));
          expect(join(visitor), returned());
          const ThreadHandle handle = thread_of(stepped);
          ids.add(id_of(handle));
          drop(handle);
          expect(join(stepped), returned());
        });

const auto ids_while_a_thread_is_met =
    clause("SPAWN-381")
        .must(
            "A thread that the runtime did not start has an id of its own, whichever instruction "
            "of its first call of current another thread's first call comes after.")
        .source(
            "heddle/subject.h, HEDDLE_UNIQUE_IDS; "
            "Rust documentation, std::thread::ThreadId",
            "No two threads of the process ever have the same id, and none has 0.")
        .needs({Feature::spawn, Feature::join, Feature::thread_handle, Feature::thread_id,
                Feature::unique_ids})
        .example([] {
          const SeenIds ids;
          ids.add(own_id());
          const auto meet = [=] { on_foreign_thread([=] { ids.add(own_id()); }); };
          meet();  // binds what a first call calls
          const Stepping stepping("the first call of current");
          const JoinHandle visitor = spawn([=] {
            stepping.visit(meet);
            return returns();
          });
          on_foreign_thread([=] {
            const Outcome current = stepping.walk(subject().threads->current);
            expect(current, returned());
            const ThreadHandle self{current.handle()};
            ids.add(id_of(self));
            expect_equal(own_id(), id_of(self), "the thread's id, asked for again");
            drop(self);
          });
          expect(join(visitor), returned());
        });

}  // namespace
}  // namespace heddle::conformance
