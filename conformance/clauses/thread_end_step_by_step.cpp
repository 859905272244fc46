// The end of a thread, instruction by instruction, while another thread joins it, asks whether it
// is over, or lets go of it.
#include <cstdint>
#include <functional>

#include "stage/held_body.hpp"
#include "stage/stage.hpp"
#include "stage/stepping.hpp"

namespace heddle::conformance {
namespace {

// Has a thread for each place of its end, from the death of its closure on. The thread ends with
// `ending`, and is held at the place. Meanwhile `visit` does what it will with the thread's handle,
// and eats it; then the thread goes on, and `settle` looks at what is left of it.
void at_each_instruction_of_an_end(
    std::uint32_t stride, const std::function<Ending()>& ending,
    const std::function<void(JoinHandle, Ending)>& visit,
    const std::function<void(const HeldBody&, Ending)>& settle = {}) {
  const Stepping stepping("the end of a thread", {.stride = stride});
  bool is_held = true;
  for (std::uint32_t round = 0; is_held || round == 1; ++round) {
    const Ending end = ending();
    const HeldBody body(end);
    body.closure().captured().when_dropped([=] {
      stepping.begin(round);
      return returns();
    });
    const JoinHandle thread = spawn(body.closure());
    body.release();
    is_held = stepping.await_place(round);
    visit(thread, end);
    stepping.leave(round);
    if (settle) {
      settle(body, end);
    }
  }
}

Value value_of(const Ending& ending) {
  return Value(ending.outcome.value);
}

Ending returns_a_result() {
  return returns(value("result"));
}

const auto joined_at_each_instruction =
    clause("JOIN-360")
        .must("join waits for a thread's end, whichever instruction of it join comes after.")
        .source(
            "heddle/subject.h, heddle_spawning.join; "
            "Rust documentation, std::thread::JoinHandle::join; "
            "POSIX.1-2017, pthread_join",
            "Eats the join handle and waits for the thread.")
        .needs({Feature::spawn, Feature::join})
        .example([](std::uint32_t stride) {
          at_each_instruction_of_an_end(
              stride, [] { return returns(); },
              [](JoinHandle thread, Ending) { expect(join(thread), returned()); });
        });

const auto result_at_each_instruction =
    clause("JOIN-361")
        .must(
            "join hands out the thread's result, whichever instruction of its end is_finished and "
            "join come after, and whatever is_finished says.")
        .source(
            "heddle/subject.h, heddle_spawning.join; "
            "Rust documentation, std::thread::JoinHandle::is_finished",
            "RETURNED: `value` is the body's cookie.")
        .needs({Feature::spawn, Feature::join, Feature::is_finished, Feature::thread_values})
        .example([](std::uint32_t stride) {
          at_each_instruction_of_an_end(
              stride, returns_a_result, [](JoinHandle thread, Ending end) {
                if (is_finished(thread)) {
                  expect(is_finished(thread), "is_finished says so again", "it took that back");
                }
                expect(join(thread), returned(value_of(end)));
              });
        });

const auto dropped_at_each_instruction =
    clause("JOIN-362")
        .must(
            "A result that nobody claims is dropped exactly once, whichever instruction of the "
            "thread's end the drop of the join handle comes after.")
        .source(
            "heddle/subject.h, rule 3; "
            "Rust 1.63, library/std/src/thread/mod.rs: Packet::drop; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: Packet::drop",
            "A cookie that entered the subject either comes out again in an outcome (moved: it is "
            "the suite's once more, and is not reported as dropped), or dies inside and is "
            "reported once.")
        .needs({Feature::spawn, Feature::detach, Feature::thread_values})
        .example([](std::uint32_t stride) {
          at_each_instruction_of_an_end(
              stride, returns_a_result, [](JoinHandle thread, Ending) { detach(thread); },
              [](const HeldBody& body, Ending end) {
                static_cast<void>(body.run_to_its_end());
                expect_dropped(value_of(end));
              });
        });

}  // namespace
}  // namespace heddle::conformance
