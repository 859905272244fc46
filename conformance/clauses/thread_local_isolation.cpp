// Thread locals on several threads at once: each thread has values of its own.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::uint32_t thread_count = 4;

struct TouchStep {
  std::uint8_t thread;
  std::uint8_t slot;
};

std::string describe(const TouchStep& step) {
  return fmt::format("thread {} touches lazy slot {}", step.thread, step.slot);
}

rc::Gen<std::vector<TouchStep>> touch_programs() {
  // Generated at full size: at a small size, inRange keeps to the low end.
  const auto below = [](int end) {
    return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<int>(0, end));
  };
  const auto steps = rc::gen::map(
      rc::gen::pair(below(static_cast<int>(thread_count)), below(HEDDLE_MAXIMUM_SLOTS)),
      [](const std::pair<int, int>& numbers) {
        return TouchStep{static_cast<std::uint8_t>(numbers.first),
                         static_cast<std::uint8_t>(numbers.second)};
      });
  return rc::gen::scale(0.3, rc::gen::container<std::vector<TouchStep>>(steps));
}

// What one thread found in each slot. The thread fills it, and it is read after the join.
struct Findings {
  std::uint32_t thread = 0;
  std::array<heddle_cookie, HEDDLE_MAXIMUM_SLOTS> cookies{};  // 0: never accessed
};

void touch_own(std::span<const TouchStep> program, std::uint32_t number, Findings& findings) {
  findings.thread = here();
  for (const TouchStep& step : program) {
    if (step.thread == number && step.slot < slots_of(HEDDLE_STORAGE_LAZY)) {
      heddle_cookie& known = findings.cookies[step.slot];
      const Value found = read(lazy_slot(step.slot));
      expect(known == 0 || known == found.cookie(), "a thread finds the value that it found before",
             "it found " + found.name());
      known = found.cookie();
    }
  }
}

const auto each_thread_has_its_own =
    clause("TLS-319")
        .must(
            "Each thread has values of its own, even while others use the same slots; they "
            "die on it, once each, as it ends.")
        .source("Rust documentation, std::thread",
                "Thread-local storage is a method of storing data into a global variable that each "
                "thread in the program will have its own copy of.")
        .needs({Feature::tls_lazy, Feature::spawn, Feature::join})
        .property<TouchStep>(touch_programs(), [](std::span<const TouchStep> program) {
          for (std::uint32_t slot = 0; slot < slots_of(HEDDLE_STORAGE_LAZY); ++slot) {
            initialise(lazy_slot(slot), [=] {
              return returns(value(fmt::format("slot {} of thread {}", slot, here())));
            });
          }
          const auto findings = std::make_shared<std::array<Findings, thread_count>>();
          const Barrier all_have_begun(thread_count);
          const Barrier all_have_touched(thread_count);
          std::vector<JoinHandle> threads;
          for (std::uint32_t number = 0; number < thread_count; ++number) {
            threads.push_back(spawn([=] {
              all_have_begun.wait();
              touch_own(program, number, (*findings)[number]);
              all_have_touched.wait();
              return returns();
            }));
          }
          std::vector<heddle_cookie> seen;
          for (std::uint32_t number = 0; number < thread_count; ++number) {
            expect(join(threads[number]), returned());
            const Findings& found = (*findings)[number];
            wait_for_the_end_of(found.thread);
            for (const heddle_cookie cookie : found.cookies) {
              if (cookie != 0) {
                expect_dropped_on(Value(cookie), found.thread);
                seen.push_back(cookie);
              }
            }
          }
          std::sort(seen.begin(), seen.end());
          expect(std::adjacent_find(seen.begin(), seen.end()) == seen.end(),
                 "no two threads find the same value");
        });

}  // namespace
}  // namespace heddle::conformance
