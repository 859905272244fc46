// The shim in a program that it leaves alone.
#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "finished_process.h"

namespace heddle::tests {
namespace {

const Environment kPreloaded{{"LD_PRELOAD", HEDDLE_INJECT_SHIM}};

void check_same(const std::vector<std::string>& command, const FinishedProcess& plain,
                const FinishedProcess& preloaded) {
  INFO(command.front());
  CHECK(preloaded.status == plain.status);
  CHECK(preloaded.output == plain.output);
  CHECK(preloaded.errors == plain.errors);
}

// The target itself checks that calls which succeed leave errno alone.
TEST_CASE("preloading the shim changes nothing that a program does") {
  const std::vector<std::vector<std::string>> commands{{MAKES_CALLS, "fork", "pthread_create", "2"},
                                                       {MAKES_CALLS, "thread", "mmap64", "2"},
                                                       {MAKES_CALLS, "thread", "futex.wait", "2"},
                                                       {LEAVES_BY_PTHREAD_EXIT},
                                                       {"ls", "/nonexistent"}};
  for (const auto& command : commands) {
    check_same(command, run(command), run(command, kPreloaded));
  }
}

TEST_CASE("armed rules that do not fire change nothing either") {
  const std::vector<std::string> rules{"pthread_create:error=EAGAIN:when=99",
                                       "mmap:error=ENOMEM:when=99", "futex.wait:spurious:when=99"};
  const std::vector<std::string> command{MAKES_CALLS, "thread", "mmap", "5"};
  CHECK(run_with_plan(rules, command).output == run(command).output);
}

TEST_CASE("pthread_exit and cancellation run destructors through the shim") {
  for (const Environment& environment : {Environment{}, kPreloaded}) {
    const FinishedProcess process = run({LEAVES_BY_PTHREAD_EXIT}, environment);
    CHECK(process.output == "exiting destroyed\ncancelled destroyed\n");
    CHECK(process.status == 7);
  }
}

TEST_CASE("a program inherits no descriptor from the driver") {
  const std::vector<std::string> command{"sh", "-c", "ls /proc/self/fd | wc -l"};
  CHECK(run_with_plan({"mmap:error=ENOMEM:when=9999"}, command).output == run(command).output);
}

TEST_CASE("constructors that run before the shim's can make every call") {
  const FinishedProcess process =
      run({MAKES_CALLS, "once", "sigaltstack", "1"},
          {{"LD_PRELOAD", std::string(HEDDLE_INJECT_SHIM) + ":" + CALLS_BEFORE_START_UP}});
  CHECK(process.output == "constructor ran\n0\n");
}

TEST_CASE("the shim needs libc alone") {
  std::istringstream lines(run({"readelf", "--dynamic", "--wide", HEDDLE_INJECT_SHIM}).output);
  std::vector<std::string> needed;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("(NEEDED)") != std::string::npos) {
      needed.push_back(line.substr(line.find('[')));
    }
  }
  CHECK(needed == std::vector<std::string>{"[libc.so.6]"});
}

TEST_CASE("the shim defines its symbols without versions, and no others") {
  const FinishedProcess process =
      run({"nm", "--dynamic", "--defined-only", "--with-symbol-versions", "--format=just-symbols",
           HEDDLE_INJECT_SHIM});
  CHECK(process.output ==
        "heddle_inject_control\nmmap\nmmap64\npthread_attr_setstacksize\npthread_create\n"
        "sigaltstack\nsyscall\n");
}

TEST_CASE("a plan that cannot be used ends the program with status 125 and one line") {
  for (const char* path : {"/nonexistent/plan", "/dev/null", HEDDLE_INJECT_PROGRAM}) {
    const FinishedProcess process =
        run({MAKES_CALLS, "once", "mmap", "1"},
            {{"LD_PRELOAD", HEDDLE_INJECT_SHIM}, {"HEDDLE_INJECT", path}});
    INFO(process.errors);
    CHECK(process.status == 125);
    CHECK(process.output.empty());
    CHECK(process.errors.find(path) != std::string::npos);
    CHECK(std::count(process.errors.begin(), process.errors.end(), '\n') == 1);
  }
}

}  // namespace
}  // namespace heddle::tests
