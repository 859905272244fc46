// Names: what the runtime, the kernel and messages call a thread.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <cerrno>

#include <array>
#include <csignal>
#include <cstdlib>

#include "stage/stage.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

// Returns the kernel's name for this thread, at most 15 bytes: prctl(2).
std::string kernel_name() {
  std::array<char, 16> name{};
  static_cast<void>(system_call(SYS_prctl, PR_GET_NAME,  // fails only for a bad address
                                reinterpret_cast<long>(name.data())));
  return name.data();
}

void expect_own_name(std::string_view expected) {
  const auto name = own_name();
  expect(name.has_value(), "the thread has a name", "it has none");
  expect_equal(*name, expected, "the name that the thread sees");
}

const auto unnamed_thread =
    clause("SPAWN-018")
        .profile(everywhere,
                 "A thread that was given no name has none, and its name in the kernel is its "
                 "creator's.")
        .source(
            "Rust documentation, std::thread; "
            "prctl(2)",
            "By default, spawned threads are unnamed.")
        .needs({Feature::names, Feature::join})
        .example([] {
          const Closure unnamed = closure("unnamed", [] {
            expect(!own_name(), "a thread without a name has none", "it has one");
            expect_equal(kernel_name(), "weaver", "the kernel's name for it");
            return returns();
          });
          const Closure creator = closure("creator", [=] {
            expect(join(spawn(unnamed)), returned());
            return returns();
          });
          expect(join(spawn(creator, {.name = "weaver"})), returned());
        });

const auto name_is_what_was_asked =
    clause("SPAWN-019")
        .must(
            "A thread has the name that the builder was given, as seen from inside and from "
            "outside.")
        .source(
            "heddle/subject.h, HEDDLE_TAKES_NAME; "
            "heddle/subject.h, heddle_threads.name; "
            "Rust documentation, std::thread::Builder::name; "
            "Rust documentation, std::thread::Thread::name",
            "The builder honours HEDDLE_SETTING_NAME; without it spawn is never asked for a name.")
        .needs({Feature::names, Feature::handle_thread, Feature::join})
        .example([] {
          constexpr std::string_view name = "weaver of weft";  // fits into what the kernel keeps
          const Signal runs;  // once this is set, even a thread that names itself has its name
          const Signal may_end;
          const Closure body = closure("body", [=] {
            expect_own_name(name);
            runs.set();
            may_end.wait();
            return returns();
          });
          const JoinHandle thread = spawn(body, {.name = name});
          runs.wait();
          const ThreadHandle handle = thread_of(thread);
          expect_equal(name_of(handle).value_or("none"), name, "the name of the handle's thread");
          drop(handle);
          may_end.set();
          expect(join(thread), returned());
        });

const auto kernel_name_is_cut =
    clause("SPAWN-020")
        .profile(everywhere,
                 "The kernel's name is the first 15 bytes, and the thread keeps the whole name.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::set_name; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: set_name; "
            "prctl(2)")
        .needs({Feature::names, Feature::join})
        .example([] {
          constexpr std::string_view name = "12345678901234é, cut inside of a letter";
          const Closure body = closure("body", [=] {
            expect_equal(kernel_name(), name.substr(0, 15), "the kernel's name");
            expect_own_name(name);
            return returns();
          });
          expect(join(spawn(body, {.name = name})), returned());
        });

const auto empty_name = clause("SPAWN-021")
                            .profile(everywhere, "An empty name is a name.")
                            .source(
                                "Rust documentation, std::thread::Builder::name; "
                                "Rust documentation, std::thread::Thread::name")
                            .needs({Feature::names, Feature::join})
                            .example([] {
                              const Closure body = closure("body", [] {
                                expect_own_name("");
                                expect_equal(kernel_name(), "", "the kernel's name");
                                return returns();
                              });
                              expect(join(spawn(body, {.name = ""})), returned());
                            });

const auto name_with_nul =
    clause("SPAWN-022")
        .profile(
            everywhere,
            "A name with a NUL in it is refused: the closure never runs, and is dropped exactly "
            "once, on the caller.")
        .source("Rust documentation, std::thread::Builder::name",
                "The name must not contain null bytes (\\0).")
        .needs({Feature::names})
        .example([] {
          using namespace std::string_view_literals;
          for (const std::string_view name : {"a\0b"sv, "\0ab"sv, "ab\0"sv, "\0"sv}) {
            const Closure body = closure("body", [] { return returns(); });
            expect(try_spawn(body, {.name = name}), refused_or_panicked());
            expect_dropped_on(body.captured(), here());
            expect_equal(body.runs(), 0, "how often the closure ran");
          }
        });

const auto name_with_nul_is_explained =
    clause("SPAWN-310")
        .profile({"rust-1.63.."},
                 "The panic for a name with a NUL in it tells the position and the bytes.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "Rust 1.95, library/std/src/thread/thread.rs: ThreadNameString::from")
        .needs({Feature::names})
        .example([] {
          const Outcome spawned =
              try_spawn([] { return returns(); }, {.name = std::string_view("a\0b", 3)});
          expect(spawned, panicked());
          expect_equal(spawned.text(),
                       "thread name may not contain interior null bytes: NulError(1, [97, 0, 98])",
                       "the message");
        });

const auto name_is_set_before_the_closure =
    clause("SPAWN-023")
        .profile(everywhere, "The kernel's name is in place when the closure begins.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: ThreadInit::init")
        .needs({Feature::names, Feature::join})
        .example([] {
          const Closure body = closure("body", [] {
            expect_equal(kernel_name(), "weaver", "the kernel's name");
            return returns();
          });
          expect(join(spawn(body, {.name = "weaver"})), returned());
        });

const auto refused_kernel_name =
    clause("SPAWN-024")
        .profile(everywhere, "A name that the kernel refuses is ignored: the thread runs.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::set_name; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: set_name; "
            "impl/README.md, What happens when a call fails")
        .needs({Feature::names, Feature::join})
        .fault(fails(HEDDLE_INJECT_PRCTL, EPERM))
        .fault(fails(HEDDLE_INJECT_PTHREAD_SETNAME_NP, ERANGE))
        .example([] {
          const Closure body = closure("body", [] { return returns(); });
          armed([=] { expect(join(spawn(body, {.name = "weaver"})), returned()); });
          expect_equal(body.runs(), 1, "how often the closure ran");
        });

const auto process_keeps_its_name =
    clause("SPAWN-025")
        .profile(everywhere, "Naming a thread does not rename the process.")
        .source(
            "Rust 1.63, library/std/src/thread/mod.rs: Builder::spawn_unchecked_; "
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::set_name; "
            "Rust 1.95, library/std/src/thread/lifecycle.rs: ThreadInit::init")
        .needs({Feature::names, Feature::join})
        .example([] {
          const std::string before = kernel_name();
          expect(join(spawn([] { return returns(); }, {.name = "weaver"})), returned());
          expect_equal(kernel_name(), before, "the kernel's name of the main thread");
        });

// A panic's message can be read only after the process has ended, so the check ends the process.
[[noreturn]] void end_process_to_read_messages() {
  expect_death();
  std::abort();
}

const auto message_has_the_name =
    clause("SPAWN-026")
        .profile(everywhere, "The message of a panic names the thread.")
        .source(
            "Rust documentation, std::thread; "
            "Rust 1.63, library/std/src/panicking.rs: default_hook",
            "If a panic occurs in a named thread, the thread name will be printed in the panic "
            "message.")
        .needs({Feature::names, Feature::thread_panics, Feature::join})
        .dies_of(SIGABRT, "'weaver'")
        .example([] {
          expect(join(spawn([] { return panics("torn"); }, {.name = "weaver"})), caught());
          end_process_to_read_messages();
        });

const auto message_without_name =
    clause("SPAWN-311")
        .profile(everywhere, "The message of a panic calls a thread without a name <unnamed>.")
        .source(
            "Rust 1.63, library/std/src/panicking.rs: default_hook; "
            "Rust 1.95, library/std/src/panicking.rs: default_hook")
        .needs({Feature::names, Feature::thread_panics, Feature::join})
        .dies_of(SIGABRT, "'<unnamed>'")
        .example([] {
          expect(join(spawn([] { return panics("torn"); })), caught());
          end_process_to_read_messages();
        });

struct Letter {
  std::uint32_t code_point;
};

std::string utf8(std::span<const Letter> letters) {
  std::string text;
  const auto add = [&](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  for (const auto [code] : letters) {
    if (code < 0x80) {
      add(code);
    } else if (code < 0x800) {
      add(0xc0 | code >> 6);
      add(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
      add(0xe0 | code >> 12);
      add(0x80 | (code >> 6 & 0x3f));
      add(0x80 | (code & 0x3f));
    } else {
      add(0xf0 | code >> 18);
      add(0x80 | (code >> 12 & 0x3f));
      add(0x80 | (code >> 6 & 0x3f));
      add(0x80 | (code & 0x3f));
    }
  }
  return text;
}

std::string describe(const Letter& letter) {
  return fmt::format("the letter U+{:04X}", letter.code_point);
}

// No NUL, and no surrogates, which UTF-8 does not have. Only names grow from case to case: at a
// small size, rapidcheck's ranges have little but their beginning.
rc::Gen<std::vector<Letter>> names() {
  const auto letter =
      rc::gen::map(rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(1, 0x80),
                                  rc::gen::inRange<std::uint32_t>(0x80, 0xd800),
                                  rc::gen::inRange<std::uint32_t>(0xe000, 0x110000)),
                   [](std::uint32_t code_point) { return Letter{code_point}; });
  return rc::gen::container<std::vector<Letter>>(rc::gen::resize(rc::kNominalSize, letter));
}

const auto any_name_comes_back =
    clause("SPAWN-301")
        .must("Every name without a NUL comes back unchanged.")
        .source(
            "heddle/subject.h, HEDDLE_TAKES_ANY_NAME; "
            "Rust documentation, std::thread::Builder::name; "
            "Rust documentation, std::thread::Thread::name",
            "Names of any length and in any letters come back whole.")
        .needs({Feature::names, Feature::handle_thread, Feature::join, Feature::any_name})
        .property<Letter>(names(), [](std::span<const Letter> letters) {
          static const std::string name = utf8(letters);  // a process runs one program
          if (name.empty()) {
            return;  // some runtimes take an empty name for none
          }
          const JoinHandle thread =
              spawn([] { return expect_own_name(name), returns(); }, {.name = name});
          const ThreadHandle handle = thread_of(thread);
          expect(join(thread), returned());
          expect_equal(name_of(handle).value_or("none"), name, "the name of the handle's thread");
          drop(handle);
        });

}  // namespace
}  // namespace heddle::conformance
