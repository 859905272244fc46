// Panics: the hook, the payload, what is dropped on the way, and where panics end.
#include <fmt/format.h>

#include <cstdint>
#include <vector>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

void expect_panicking(bool expected, std::string_view when) {
  expect(panicking() == expected,
         fmt::format("panicking() is {} {}", expected ? "true" : "false", when),
         expected ? "it was false" : "it was true");
}

Ending panics_below() {
  return panics("unwinds");
}

const auto a_thread_does_not_harm_others =
    clause("JOIN-055")
        .must("A panic in a thread that nobody joins harms no other thread.")
        .source("Rust documentation, std::thread",
                "If the panic is not caught the thread will exit, but the panic may optionally be "
                "detected from a different thread with join.")
        .needs({Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] {
          const Value payload = value("payload").when_dropped([] {
            note("the payload is gone");
            return returns();
          });
          const SharedNumber<pid_t> kernel_thread;
          const Signal begun;
          leave(spawn([=] {
            kernel_thread.set(kernel_thread_id());
            begun.set();
            return panics(payload);
          }));
          begun.wait();
          let_end(kernel_thread.get());
          expect(join(spawn([] { return returns(); })), returned());
        });

const auto main_panics =
    clause("JOIN-309")
        .profile({"rust-1.63.."}, "A panic of the main thread ends the process with status 101.")
        .source(
            "Rust documentation, std::thread; "
            "Rust 1.63, library/std/src/rt.rs: lang_start_internal; "
            "Rust 1.95, library/std/src/rt.rs: lang_start_internal",
            "If the main thread panics without the panic being caught, the application will exit "
            "with a non-zero exit code.")
        .needs({Feature::panic})
        .exits_with(101)
        .example([] {
          if ((subject().flags & HEDDLE_OWNS_MAIN) == 0) {
            excuse("the subject does not own main: load it as a program");
          }
          end_main_with(panics("main's panic").outcome);
        });

const auto order_of_a_panic =
    clause("JOIN-161")
        .must(
            "A panic runs the hook once, on its own thread, then drops the locals, innermost "
            "first, and then ends at the thread's boundary.")
        .source(
            "Rust documentation, std::panic::set_hook; "
            "Rust documentation, std::thread; "
            "Rust documentation, std::ops::Drop",
            "The panic hook is invoked when a thread panics, but before the panic runtime is "
            "invoked.")
        .needs({Feature::spawn, Feature::join, Feature::thread_panics, Feature::hook})
        .example([] {
          const Counter hook_ran_on;
          set_hook();
          set_hook_action([=](std::string_view) {
            note("hook");
            hook_ran_on.set(here());
            return returns();
          });
          const Value outer = value("outer local");
          const Value inner = value("inner local");
          const Value payload = value("payload");
          const Closure innermost = closure("innermost", [=] { return panics(payload); });
          const Closure middle = closure("middle", [=] { return enters(inner, innermost); });
          const Closure body = closure("body", [=] { return enters(outer, middle); });
          expect(join(spawn(body)), caught(payload));
          expect_equal(times(noted("hook")), 1, "how often the hook ran");
          expect_equal(hook_ran_on.get(), body.ran_on(), "the thread that the hook ran on");
          expect_order({noted("hook"), dropping(inner), dropping(outer)});
        });

const auto kinds_of_payload =
    clause("JOIN-162")
        .must("The payload of a panic keeps its type: a literal, a string, or any other.")
        .source(
            "heddle/subject.h, HEDDLE_TYPED_PAYLOADS; "
            "Rust documentation, std::thread::Result; "
            "Rust documentation, std::panic::panic_any",
            "What catch and join hand back has the type that was raised: a LITERAL stays one, and "
            "so does a STRING.")
        .needs({Feature::spawn, Feature::join, Feature::thread_panics, Feature::payload_types})
        .example([] {
          expect(join(spawn([] { return panics("a literal"); })), caught_literal("a literal"));
          expect(join(spawn([] { return panics_with_string("a string"); })),
                 caught_string("a string"));
          const Value payload = value("payload");
          expect(join(spawn([=] { return panics(payload); })), caught(payload));
        });

const auto who_is_panicking =
    clause("JOIN-163")
        .must(
            "panicking() is true while its thread unwinds, even around a catch in a drop, "
            "and false afterwards and on other threads.")
        .source("Rust documentation, std::thread::panicking",
                "Determines whether the current thread is unwinding because of panic.")
        .needs({Feature::spawn, Feature::join, Feature::panic, Feature::panicking})
        .example([] {
          expect_panicking(false, "before any panic");
          const auto while_unwinding = [] {
            expect_panicking(true, "in a drop while unwinding");
            expect(catch_unwind([] { return returns(); }), returned());
            expect_panicking(true, "after a catch inside that drop");
            expect(join(spawn([] {
                     expect_panicking(false, "on another thread");
                     return returns();
                   })),
                   returned());
            return returns();
          };
          expect(unwind_through(while_unwinding), caught_literal("the first panic"));
          expect_panicking(false, "after the catch");
        });

const auto drop_panics_in_normal_flow =
    clause("JOIN-164")
        .profile(everywhere,
                 "A panic in the drop of a local, outside any other panic, unwinds like every "
                 "panic: the remaining locals are dropped.")
        .source("Rust documentation, std::ops::Drop::drop")
        .needs({Feature::panic})
        .example([] {
          const Value outer = value("outer local");
          const Value inner = value("inner local").when_dropped(panics_below);
          const Closure innermost = closure("innermost", [] { return returns(); });
          const Closure middle = closure("middle", [=] { return enters(inner, innermost); });
          expect(catch_unwind([=] { return enters(outer, middle); }), caught_literal("unwinds"));
          expect_dropped(inner);
          expect_dropped(outer);
        });

const auto capture_panics =
    clause("JOIN-328")
        .profile(everywhere,
                 "When the drop of what a closure captured panics, join and catch hand back "
                 "that panic.")
        .source(
            "Rust documentation, std::thread::JoinHandle::join; "
            "Rust documentation, std::panic::catch_unwind")
        .needs({Feature::spawn, Feature::join, Feature::thread_panics, Feature::panic})
        .example([] {
          const auto body = [] {
            const Closure made = closure("body", [] { return returns(); });
            static_cast<void>(made.captured().when_dropped(panics_below));
            return made;
          };
          expect(join(spawn(body())), caught_literal("unwinds"));
          expect(catch_unwind(body()), caught_literal("unwinds"));
        });

const auto resumed_panic =
    clause("JOIN-167")
        .must(
            "A resumed panic does not run the hook, keeps its payload, and counts as unwinding "
            "until it is caught.")
        .source("Rust documentation, std::panic::resume_unwind",
                "Triggers a panic without invoking the panic hook.")
        .needs({Feature::panic, Feature::panicking, Feature::hook})
        .example([] {
          set_hook();
          set_hook_action([](std::string_view) { return note("hook"), returns(); });
          const Value payload = value("payload");
          const Value local = value("local").when_dropped([] {
            expect_panicking(true, "in a drop while unwinding");
            return returns();
          });
          const Closure below = closure("below", [=] { return resumes(payload); });
          expect(catch_unwind([=] { return enters(local, below); }), caught(payload));
          expect_panicking(false, "after the catch");
          expect_equal(times(noted("hook")), 0, "how often the hook ran");
        });

const auto hook_is_replaced_while_others_panic =
    clause("JOIN-170")
        .must("The hook can be replaced while threads panic: each panic runs one hook, once.")
        .source("Rust documentation, std::panic::set_hook",
                "The panic hook is invoked when a thread panics, but before the panic runtime is "
                "invoked.")
        .needs({Feature::spawn, Feature::join, Feature::panic, Feature::hook})
        .example([] {
          constexpr std::uint32_t threads = 3;
          constexpr int replacements = 20;
          constexpr int most_panics_each = 2000;
          const Counter hooks;
          const Counter panics_begun;
          const Signal replaced;
          set_hook_action([=](std::string_view) { return hooks.add(), returns(); });
          set_hook();
          const Barrier together(threads + 1);
          std::vector<JoinHandle> panicking_threads;
          for (std::uint32_t thread = 0; thread < threads; ++thread) {
            panicking_threads.push_back(spawn([=] {
              together.wait();
              for (int i = 0; i < most_panics_each && !replaced.is_set(); ++i) {
                panics_begun.add();
                expect(catch_unwind(panics_below), caught());
              }
              return returns();
            }));
          }
          together.wait();
          for (int i = 0; i < replacements; ++i) {
            set_hook();
          }
          replaced.set();
          for (const JoinHandle thread : panicking_threads) {
            expect(join(thread), returned());
          }
          expect_equal(hooks.get(), panics_begun.get(), "how often a hook ran");
        });

// A step of a program on one thread. After it, no trace of any panic may be left.
struct PanicStep {
  enum class Kind : std::uint8_t {
    returns,
    panics,
    resumes,
    catches_inside,
    drops_while_unwinding,
    resumes_while_unwinding
  };
  Kind kind;
  std::uint8_t on_a_thread;  // not 0: on a thread of its own
};

std::string describe(const PanicStep& step) {
  const char* const where = step.on_a_thread != 0 ? ", on a thread of its own" : "";
  switch (step.kind) {
    case PanicStep::Kind::returns:
      return fmt::format("return to a catch{}", where);
    case PanicStep::Kind::panics:
      return fmt::format("panic, and catch it{}", where);
    case PanicStep::Kind::resumes:
      return fmt::format("resume a panic, and catch it{}", where);
    case PanicStep::Kind::catches_inside:
      return fmt::format("catch a panic, and then panic and catch that{}", where);
    case PanicStep::Kind::drops_while_unwinding:
      return fmt::format("return to a catch in a drop that a panic runs{}", where);
    default:
      return fmt::format("resume a panic, and catch it, in a drop that a panic runs{}", where);
  }
}

void play(PanicStep::Kind kind) {
  switch (kind) {
    case PanicStep::Kind::returns:
      expect(catch_unwind([] { return returns(); }), returned());
      break;
    case PanicStep::Kind::panics:
      expect(catch_unwind(panics_below), caught());
      break;
    case PanicStep::Kind::resumes: {
      const Value payload = value("payload");
      expect(catch_unwind([=] { return resumes(payload); }), caught(payload));
      break;
    }
    case PanicStep::Kind::catches_inside:
      expect(catch_unwind([] {
               expect(catch_unwind(panics_below), caught());
               expect_panicking(false, "after the inner catch");
               return panics("again");
             }),
             caught_literal("again"));
      break;
    case PanicStep::Kind::drops_while_unwinding:
      expect(unwind_through([] {
               expect(catch_unwind([] { return returns(); }), returned());
               return returns();
             }),
             caught());
      break;
    default:
      expect(unwind_through([] {
               const Value payload = value("payload");
               expect(catch_unwind([=] { return resumes(payload); }), caught(payload));
               expect_panicking(true, "after a catch inside the drop");
               return returns();
             }),
             caught());
  }
  expect_panicking(false, "after the catch");
}

// rapidcheck's ranges are complete only at its nominal size, which would make too many steps.
rc::Gen<std::vector<PanicStep>> panic_programs() {
  using Kind = PanicStep::Kind;
  constexpr int most_steps = 20;
  const auto step = rc::gen::apply(
      [](Kind kind, std::uint8_t on_a_thread) {
        return PanicStep{kind, on_a_thread};
      },
      rc::gen::element(Kind::returns, Kind::panics, Kind::resumes, Kind::catches_inside,
                       Kind::drops_while_unwinding, Kind::resumes_while_unwinding),
      rc::gen::inRange<std::uint8_t>(0, 2));
  return rc::gen::resize(most_steps, rc::gen::container<std::vector<PanicStep>>(
                                         rc::gen::resize(rc::kNominalSize, step)));
}

const auto counts_are_balanced =
    clause("JOIN-172")
        .must(
            "After any mix of panics, resumed panics and catches, on any threads, no "
            "thread is panicking.")
        .source("Rust documentation, std::thread::panicking",
                "Determines whether the current thread is unwinding because of panic.")
        .needs({Feature::spawn, Feature::join, Feature::panic, Feature::panicking})
        .property<PanicStep>(panic_programs(), [](std::span<const PanicStep> steps) {
          if (offers(subject(), Feature::hook)) {
            set_hook();  // quiet
          }
          for (const PanicStep step : steps) {
            if (step.on_a_thread != 0) {
              expect(join(spawn([=] { return play(step.kind), returns(); })), returned());
              expect_panicking(false, "on the thread that joined");
            } else {
              play(step.kind);
            }
          }
        });

}  // namespace
}  // namespace heddle::conformance
