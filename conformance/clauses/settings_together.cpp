// Two things that a runtime is asked at once: a name and a stack size, the value of a scope's body
// and the panic of its thread.
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::string_view settings_are_applied_in_order =
    "Settings of a thread to be spawned, to be applied in order; a null builder means the "
    "defaults.";
constexpr std::string_view sources_of_settings =
    "heddle/subject.h, heddle_builder; "
    "Rust documentation, std::thread::Builder";

constexpr std::uint64_t mebibyte = 1024 * 1024;

constexpr heddle_setting name_setting(std::string_view name) {
  return {.kind = HEDDLE_SETTING_NAME, .reserved = 0, .text = name.data(), .number = name.size()};
}

constexpr heddle_setting stack_setting(std::uint64_t size) {
  return {.kind = HEDDLE_SETTING_STACK_SIZE, .reserved = 0, .text = nullptr, .number = size};
}

void expect_stack_of(std::uint64_t expected) {
  const std::size_t size = own_stack().size;
  expect(size + page_size() >= expected,
         fmt::format("the thread's stack has {} bytes, less a page at most", expected),
         fmt::format("it has {}", size));
}

// Spawns with these settings, in this order, and joins.
void spawn_with(const std::array<heddle_setting, 2>& settings, const Closure& body) {
  const heddle_builder builder{.count = settings.size(), .settings = settings.data()};
  heddle_outcome raw{};
  subject().spawning->spawn(&builder, run_closure, body.captured().cookie(), &raw);
  expect(join(handle_of(Outcome("spawn", raw, false))), returned());
}

const auto name_and_stack =
    clause("SPAWN-357")
        .must("A thread that is given a name and a stack size has both, in whatever order.")
        .source(sources_of_settings, settings_are_applied_in_order)
        .needs({Feature::names, Feature::stack_size, Feature::join})
        .example([] {
          const auto expects = [](std::uint64_t size) {
            return closure("body", [=] {
              expect_equal(own_name().value_or("none"), "weaver", "the thread's name");
              expect_stack_of(size);
              return returns();
            });
          };
          spawn_with({name_setting("weaver"), stack_setting(3 * mebibyte)}, expects(3 * mebibyte));
          // Larger, since libc may hand out the first stack again.
          spawn_with({stack_setting(5 * mebibyte), name_setting("weaver")}, expects(5 * mebibyte));
        });

const auto later_name_counts =
    clause("SPAWN-358")
        .must("Of two names that a thread is given, the later one counts.")
        .source(sources_of_settings, settings_are_applied_in_order)
        .needs({Feature::names, Feature::join})
        .example([] {
          spawn_with({name_setting("weaver"), name_setting("spinner")}, closure("body", [] {
                       expect_equal(own_name().value_or("none"), "spinner", "the thread's name");
                       return returns();
                     }));
        });

const auto later_stack_size_counts =
    clause("SPAWN-359")
        .must("Of two stack sizes that a thread is given, the later one counts.")
        .source(sources_of_settings, settings_are_applied_in_order)
        .needs({Feature::stack_size, Feature::join})
        .example([] {
          constexpr std::uint64_t later = 3 * mebibyte;
          spawn_with({stack_setting(mebibyte), stack_setting(later)}, closure("body", [] {
                       expect_stack_of(later);
                       return returns();
                     }));
        });

const auto scoped_name_and_stack =
    clause("SCOPE-355")
        .must("A scoped thread that is given a name and a stack size has both.")
        .source(sources_of_settings, settings_are_applied_in_order)
        .needs({Feature::scope, Feature::scope_join, Feature::names, Feature::stack_size})
        .example([] {
          expect(scope(closure("scope's body",
                               [](Scope inside) {
                                 const Closure body = closure("scoped", [] {
                                   expect_equal(own_name().value_or("none"), "weaver",
                                                "the thread's name");
                                   expect_stack_of(3 * mebibyte);
                                   return returns();
                                 });
                                 const Settings both{.name = "weaver", .stack_size = 3 * mebibyte};
                                 expect(join(spawn(inside, body, both)), returned());
                                 return returns();
                               })),
                 returned());
        });

const auto value_of_a_scope_that_panics =
    clause("SCOPE-356")
        .must("When a scope panics for one of its threads, what its body returned dies, once.")
        .source(
            "heddle/subject.h, rule 3; "
            "Rust documentation, std::thread::scope",
            "A cookie that entered the subject either comes out again in an outcome (moved: it is "
            "the suite's once more, and is not reported as dropped), or dies inside and is "
            "reported once.")
        .needs({Feature::scope, Feature::scope_drop, Feature::scope_panics, Feature::panic})
        .example([] {
          const Value result = value("the body's result");
          const Value payload = value("the thread's payload");
          expect(scope(closure("scope's body",
                               [=](Scope inside) {
                                 const Closure body =
                                     closure("scoped", [=] { return panics(payload); });
                                 detach(spawn(inside, body));
                                 return returns(result);
                               })),
                 panicked());
          expect_dropped(result);
          expect_dropped(payload);
        });

}  // namespace
}  // namespace heddle::conformance
