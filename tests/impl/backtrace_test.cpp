// Backtraces, in a program of its own for each test: what the environment asks for is looked at
// once.
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "child_process.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

std::string backtraces(const char* wish) {
  return run_in_child([&] {
           setenv("HEDDLE_BACKTRACE", wish, 1);
           execl(HEDDLE_BACKTRACE_PROGRAM, HEDDLE_BACKTRACE_PROGRAM, nullptr);
           std::_Exit(127);
         })
      .standard_error;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

TEST_CASE("without a wish there is no backtrace, and one note that there could be") {
  const std::string said = backtraces("0");
  CHECK(count(said, "panicked: snap") == 2);
  CHECK(count(said, "HEDDLE_BACKTRACE=1") == 1);
  CHECK(count(said, "innermost") == 0);
}

TEST_CASE("a short backtrace has the program's own frames, demangled, innermost first") {
  const std::string said = backtraces("1");
  const std::string frames =
      "stack backtrace:\n"
      "   0: (anonymous namespace)::innermost()\n"
      "   1: (anonymous namespace)::middle()\n";
  CHECK(count(said, frames) == 2);
  CHECK(count(said, "begin_panic") == 0);
  CHECK(count(said, "heddle_thread_start") == 0);
}

TEST_CASE("a full backtrace has the runtime's frames as well, with addresses") {
  const std::string said = backtraces("full");
  CHECK(count(said, "heddle::panic::detail::begin_panic(") == 2);
  CHECK(count(said, "heddle_thread_start") == 2);
  CHECK(count(said, "   0: 0x") == 2);
}

TEST_CASE("pthread_exit and cancellation run destructors, with backtraces and without") {
  for (const char* wish : {"0", "1", "full"}) {
    CHECK(count(backtraces(wish), "destroyed\n") == 2);
  }
}

}  // namespace
}  // namespace heddle::tests
