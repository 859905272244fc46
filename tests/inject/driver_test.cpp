// heddle-inject as its user meets it: exit status, messages, ways to start a program.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "finished_process.h"

namespace heddle::tests {
namespace {

constexpr const char* kRule = "mmap:error=ENOMEM:when=9999";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("the program's status is passed through") {
  CHECK(run_with_plan({kRule}, {"sh", "-c", "exit 3"}).status == 3);
  CHECK(run_with_plan({kRule}, {"sh", "-c", "kill -KILL $$"}).status == 128 + 9);
}

TEST_CASE("the program gets its arguments as they are") {
  const FinishedProcess process =
      run_with_plan({kRule}, {"sh", "-c", "echo \"$@\"", "name", "-e", "--must-fire", "--", "a b"});
  CHECK(process.output == "-e --must-fire -- a b\n");
}

TEST_CASE("with --must-fire a rule that did not fire is status 124") {
  const std::vector<std::string> command{MAKES_CALLS, "once", "sigaltstack", "1"};
  const auto status = [&](const std::string& when) {
    std::vector<std::string> whole{HEDDLE_INJECT_PROGRAM,
                                   "run",
                                   "--must-fire",
                                   "-e",
                                   "sigaltstack:error=EPERM:when=" + when,
                                   "--"};
    whole.insert(whole.end(), command.begin(), command.end());
    return run(whole).status;
  };
  CHECK(status("1") == 0);
  CHECK(status("2") == 124);
}

TEST_CASE("a wrong plan is status 125 and shows its column") {
  const FinishedProcess process = run_with_plan({"mmap:eror=ENOMEM"}, {"true"});
  CHECK(process.status == 125);
  CHECK(contains(process.errors, "\n  mmap:eror=ENOMEM\n       ^\n"));
}

TEST_CASE("what cannot be run, or not be preloaded, is status 125 and one line") {
  const auto [program, reason] = GENERATE(table<std::string, std::string>({
      {"/nonexistent/program", "No such file or directory"},
      {"no-such-program-in-path", "no such program in PATH"},
      {"/etc/passwd", "not an executable file"},
      {STATICALLY_LINKED, "statically linked"},
  }));
  const FinishedProcess process = run_with_plan({kRule}, {program});
  INFO(process.errors);
  CHECK(process.status == 125);
  CHECK(contains(process.errors, reason));
  CHECK(std::count(process.errors.begin(), process.errors.end(), '\n') == 1);
}

TEST_CASE("more rules than a control block holds are refused") {
  const FinishedProcess process = run_with_plan(std::vector<std::string>(33, kRule), {"true"});
  CHECK(process.status == 125);
  CHECK(contains(process.errors, "at most 32"));
}

TEST_CASE("a script is run, and rules reach what it starts") {
  const FinishedProcess process = run_with_plan(
      {"sigaltstack:error=EPERM:when=1"},
      {"sh", "-c",
       std::string(MAKES_CALLS) + " once sigaltstack 2; " + MAKES_CALLS + " once sigaltstack 2"});
  CHECK(process.output == "1 0\n1 0\n");
  CHECK(contains(process.errors, "fired 2 times of 4 calls"));
}

TEST_CASE("a signal sent to the driver goes on to the program") {
  const FinishedProcess process = run_with_plan(
      {kRule}, {"sh", "-c", "trap 'kill $!; exit 42' TERM; sleep 60 & kill -TERM $PPID; wait"});
  CHECK(process.status == 42);
}

TEST_CASE("shim and program may lie on paths with spaces, colons and dollars") {
  namespace fs = std::filesystem;
  std::string pattern = (fs::temp_directory_path() / "heddle inject:$LIB XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  const fs::path folder = pattern;
  const fs::path program = HEDDLE_INJECT_PROGRAM;
  const fs::path shim = fs::relative(HEDDLE_INJECT_SHIM, program.parent_path().parent_path());
  fs::create_directories(folder / "bin");
  fs::create_directories((folder / shim).parent_path());
  fs::copy(program, folder / "bin" / "heddle-inject");
  fs::copy(HEDDLE_INJECT_SHIM, folder / shim);
  fs::copy(MAKES_CALLS, folder / "makes calls");
  const FinishedProcess process =
      run({folder / "bin" / "heddle-inject", "run", "-e", "sigaltstack:error=EPERM", "--",
           folder / "makes calls", "once", "sigaltstack", "1"});
  fs::remove_all(folder);
  CHECK(process.output == "1\n");
}

TEST_CASE("a preload that is there already stays, behind the shim") {
  const FinishedProcess process =
      run({HEDDLE_INJECT_PROGRAM, "run", "-e", "sigaltstack:error=EPERM", "--", "sh", "-c",
           "echo $LD_PRELOAD"},
          {{"LD_PRELOAD", CALLS_BEFORE_START_UP},
           // Of a driver built with AddressSanitizer, whose runtime wants to be the first.
           {"ASAN_OPTIONS", "verify_asan_link_order=0"}});
  CHECK(contains(process.output, std::string("libheddle-inject.so:") + CALLS_BEFORE_START_UP));
}

}  // namespace
}  // namespace heddle::tests
