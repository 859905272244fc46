// Panics that the runtime begins itself, with a hook that calls the runtime: a lock or a borrow
// that the runtime still holds would meet itself.
#include <limits>
#include <string_view>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::string_view no_lock_is_held =
    "So no lock and no borrow is held while the suite is called.";
constexpr std::string_view sources_of_calls_from_hooks =
    "heddle/subject.h, rule 5; "
    "Rust documentation, std::panic::set_hook";

// Sets a hook that starts and joins a thread, which needs most of what a runtime may lock, and asks
// who it runs on. Returns how often the hook has run.
Counter set_hook_that_calls_back() {
  const Counter hooks;
  set_hook();
  set_hook_action([=](std::string_view) {
    on_spawned_thread([] { drop(current_thread()); });
    drop(current_thread());
    hooks.add();
    return returns();
  });
  return hooks;
}

void expect_one_hook(const Counter& hooks) {
  expect_equal(hooks.get(), 1, "how often the hook ran to its end");
}

const auto panic_of_the_body =
    clause("JOIN-352")
        .must("A hook can call the runtime while a thread panics.")
        .source(sources_of_calls_from_hooks, no_lock_is_held)
        .needs({Feature::spawn, Feature::join, Feature::thread_panics, Feature::hook,
                Feature::thread_handle})
        .example([] {
          const Counter hooks = set_hook_that_calls_back();
          expect(join(spawn([] { return panics("a panic"); })), caught_literal("a panic"));
          expect_one_hook(hooks);
        });

const auto panic_of_a_refused_spawn =
    clause("SPAWN-354")
        .must(
            "A hook can call the runtime when a spawn panics because the system refuses a thread.")
        .source(sources_of_calls_from_hooks, no_lock_is_held)
        .needs({Feature::spawn, Feature::join, Feature::spawn_or_panic, Feature::hook,
                Feature::thread_handle, Feature::kernel_threads})
        .fault(fails(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN))
        .example([] {
          const Counter hooks = set_hook_that_calls_back();
          const Closure body = closure("body", nothing_to_do);
          const Outcome spawned = armed([=] { return try_spawn_or_panic(body); });
          need_refusal(spawned, body);
          expect(spawned, panicked());
          expect_one_hook(hooks);
        });

const auto panic_for_a_name =
    clause("SPAWN-355")
        .profile(everywhere,
                 "A hook can call the runtime when a spawn panics for a name with a NUL.")
        .source(sources_of_calls_from_hooks, no_lock_is_held)
        .needs({Feature::names, Feature::join, Feature::hook, Feature::thread_handle})
        .example([] {
          using namespace std::literals;
          const Counter hooks = set_hook_that_calls_back();
          const Outcome spawned = try_spawn(nothing_to_do, {.name = "wea\0ver"sv});
          expect(spawned, panicked());
          expect_one_hook(hooks);
        });

const auto panic_for_want_of_ids =
    clause("SPAWN-356")
        .profile({"heddle"},
                 "A hook can ask for an id of its own when a spawn panics because the ids are used "
                 "up: it is refused one in turn.")
        .source(sources_of_calls_from_hooks, no_lock_is_held)
        .needs({Feature::spawn, Feature::join, Feature::hook, Feature::thread_handle,
                Feature::preset_thread_id})
        .dies_of(SIGABRT, "thread panicked while processing panic")
        .example([] {
          drop(current_thread());  // takes an id
          set_hook();
          set_hook_action([](std::string_view) {
            static_cast<void>(try_spawn(nothing_to_do));
            return returns();
          });
          heddle_outcome raw{};
          subject().presets->next_thread_id(std::numeric_limits<std::uint64_t>::max(), &raw);
          expect(Outcome("the preset of the next id", raw, false), returned());
          expect_death();
          static_cast<void>(try_spawn(nothing_to_do));
        });

const auto panic_for_want_of_room_in_a_scope =
    clause("SCOPE-354")
        .profile(
            everywhere,
            "A hook can open a scope when a spawn panics because it would overflow the count of "
            "another scope.")
        .source(sources_of_calls_from_hooks, no_lock_is_held)
        .needs({Feature::scope, Feature::scope_drop, Feature::preset_scope, Feature::panic,
                Feature::hook})
        .example([] {
          const Counter hooks;
          set_hook();
          set_hook_action([=](std::string_view) {
            expect(scope(closure("the hook's scope",
                                 [](Scope inside) {
                                   detach(spawn(inside, nothing_to_do));
                                   return returns();
                                 })),
                   returned());
            hooks.add();
            return returns();
          });
          const Outcome outcome = scope(closure("scope's body", [](Scope inside) {
            constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max() / 2 + 1;
            preset_running(inside, most);
            const Outcome spawned = try_spawn(inside, closure("scoped", nothing_to_do));
            preset_running(inside, 0);
            expect(spawned, panicked());
            return returns();
          }));
          expect(outcome, returned());
          expect_one_hook(hooks);
        });

const auto panic_of_a_borrow =
    clause("TLS-350")
        .must(
            "A hook can use a RefCell slot when set panics because the slot is borrowed: it finds "
            "the value that the borrow sees.")
        .source(sources_of_calls_from_hooks, no_lock_is_held)
        .needs({Feature::tls_refcell, Feature::panic, Feature::hook})
        .example([] {
          const Value first = value("first");
          starts_as(refcell_slot(0), first);
          const Counter found_first;
          set_hook();
          set_hook_action([=](std::string_view) {
            found_first.set(read(refcell_slot(0)) == first ? 1 : 0);
            return returns();
          });
          expect(with(refcell_slot(0), closure("borrower",
                                               [] {
                                                 expect(set(refcell_slot(0), value("second")),
                                                        panicked());
                                                 return returns();
                                               })),
                 returned());
          expect_equal(found_first.get(), 1, "how often the hook found the slot's value");
        });

}  // namespace
}  // namespace heddle::conformance
