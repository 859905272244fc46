// Backtraces of the runtime's own hook, as the environment asks for them.
#include <fmt/format.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::string_view sources =
    "Rust documentation, std::backtrace; "
    "Rust 1.63, library/std/src/panicking.rs: default_hook; "
    "Rust 1.95, library/std/src/panicking.rs: default_hook";

// Where a message tells of a backtrace that is longer, or that there could be.
constexpr std::string_view hint = "_BACKTRACE=1";
constexpr std::string_view hint_of_more = "_BACKTRACE=full";
constexpr std::string_view heading = "stack backtrace:";

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

// Sets the variables of the profiles, or removes them if `wish` is null. Safe: the process has only
// one thread so far, and has not panicked yet, so no runtime has looked at them.
void wish_for_backtraces(const char* wish) {
  for (const char* const variable : {"RUST_BACKTRACE", "HEDDLE_BACKTRACE"}) {
    if ((wish == nullptr ? ::unsetenv(variable) : ::setenv(variable, wish, 1)) != 0) {
      internal_error("the environment takes no variable");
    }
  }
}

// Returns what two panics print, of which the second is on another thread.
std::string messages_with(const char* wish) {
  wish_for_backtraces(wish);
  const RealStream error(Stream::error);
  expect(catch_unwind([] { return panics("the first panic"); }), caught_literal("the first panic"));
  expect(join(spawn([] { return panics("the second panic"); })),
         caught_literal("the second panic"));
  std::string text = error.text();
  if (text.find("cannot open shared object file") != std::string::npos) {
    excuse("the library that the runtime walks stacks with is not installed");
  }
  return text;
}

void expect_hint_alone(const char* wish) {
  const std::string text = messages_with(wish);
  expect_equal(count(text, heading), 0, "how many backtraces were printed");
  expect_equal(count(text, hint), 1, "how often a message hinted at backtraces");
}

const auto no_wish =
    clause("JOIN-370")
        .profile(everywhere,
                 "Unless the environment asks for backtraces, none is printed, and only the first "
                 "panic's message hints at them.")
        .source(sources)
        .needs({Feature::panic, Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] { expect_hint_alone(nullptr); });

const auto wish_against =
    clause("JOIN-371")
        .profile(everywhere, "An environment that asks for 0 backtraces asks for none.")
        .source(sources)
        .needs({Feature::panic, Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] { expect_hint_alone("0"); });

const auto short_backtraces =
    clause("JOIN-372")
        .profile(everywhere,
                 "If the environment asks for backtraces, each panic's message has one, which says "
                 "how to get it in full.")
        .source(sources)
        .needs({Feature::panic, Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] {
          const std::string text = messages_with("1");
          expect_equal(count(text, heading), 2, "how many backtraces were printed");
          expect_equal(count(text, hint_of_more), 2, "how many told of a full one");
          expect_equal(count(text, "\n   0: "), 2, "how many had a first frame");
          expect_equal(count(text, hint), 0, "how often a message hinted at backtraces");
        });

const auto full_backtraces =
    clause("JOIN-373")
        .profile(everywhere,
                 "If the environment asks for full backtraces, each panic's message has one, with "
                 "the frames' addresses.")
        .source(sources)
        .needs({Feature::panic, Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] {
          const std::string text = messages_with("full");
          expect_equal(count(text, heading), 2, "how many backtraces were printed");
          expect_equal(count(text, hint_of_more), 0, "how many told of a fuller one");
          expect_equal(count(text, "\n   0: "), 2, "how many had a first frame");
          expect(count(text, "\n   1: ") == 2 && count(text, "\n   2: ") == 2,
                 "each backtrace has three frames and more", text);
          // Rust puts more blanks in front of an address than the reference does.
          expect(count(text, "\n   0: 0x") + count(text, "\n   0:     0x") == 2,
                 "the first frames have addresses", text);
        });

// Without symbols a frame has no name, and nothing is left out: both expectations are met then,
// too.
const auto frames_left_out =
    clause("JOIN-374")
        .profile({"heddle"},
                 "A short backtrace leaves out the frames of the panic and of the start of the "
                 "thread, and a frame's name is as it stands in the source.")
        .source("impl/README.md, Backtraces")
        .needs({Feature::panic, Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] {
          const std::string text = messages_with("1");
          expect(count(text, "begin_panic(") == 0, "no frame of the panic", text);
          expect(count(text, "heddle_thread_start") == 0, "no frame of the thread's start", text);
          expect(count(text, ": _Z") == 0, "names as in the source", text);
        });

// Returns the lines that begin with the number of a frame.
std::vector<std::string> frames_of(const std::string& text) {
  std::vector<std::string> frames;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t number = line.find_first_not_of(' ');
    if (number != std::string::npos &&
        line.find(": 0x") == line.find_first_not_of("0123456789", number)) {
      frames.push_back(line);
    }
  }
  return frames;
}

const auto offsets_of_frames =
    clause("JOIN-390")
        .profile({"heddle"},
                 "In a full backtrace each frame with a name says how far into the function it "
                 "is.")
        .source("impl/README.md, Backtraces")
        .needs({Feature::panic, Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] {
          std::size_t named = 0;
          for (const std::string& frame : frames_of(messages_with("full"))) {
            if (frame.find(" - <unknown>") == std::string::npos) {
              ++named;
              const std::size_t offset = frame.find(" + 0x");
              expect(offset != std::string::npos, "a frame has its offset", frame);
              expect(frame.substr(offset) != " + 0x0", "it is inside its function", frame);
            }
          }
          if (named == 0) {
            excuse("no frame has a name here");
          }
        });

// The function that calls main is in libc's table of symbols, and below all of the main thread's
// frames.
const auto frames_have_names =
    clause("JOIN-392")
        .profile({"heddle"},
                 "A full backtrace of the main thread names libc's function that calls main, once "
                 "in its line.")
        .source("impl/README.md, Backtraces")
        .needs({Feature::panic, Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] {
          constexpr std::string_view name = "__libc_start_main";
          std::size_t found = 0;
          for (const std::string& frame : frames_of(messages_with("full"))) {
            const std::size_t times = count(frame, name);
            expect(times < 2, "a frame has its name once", frame);
            found += times;
          }
          expect(found > 0, "a frame is libc's function that calls main", "none is");
        });

const auto lines_of_a_short_backtrace =
    clause("JOIN-393")
        .profile({"heddle"},
                 "Each line of a short backtrace has the number of a frame and its name, without "
                 "address and offset, and no line is empty.")
        .source("impl/README.md, Backtraces")
        .needs({Feature::panic, Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] {
          const std::string text = messages_with("1");
          expect(count(text, "\n\n") == 0, "no empty line", text);
          expect(count(text, ": 0x") == 0, "no address", text);
          expect(count(text, " + 0x") == 0, "no offset", text);
        });

}  // namespace
}  // namespace heddle::conformance
