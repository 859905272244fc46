// The shim in a program that it leaves alone.
#include <fmt/core.h>
#include <plan/injectable_calls.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <set>
#include <sstream>

#include "support/catch.hpp"
#include "support/written_plan.hpp"

namespace heddle::tests {
namespace {

const Environment with_shim{{"LD_PRELOAD", HEDDLE_INJECT_SHIM}};

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
    check_same(command, run(command), run(command, with_shim));
  }
}

/// A plan under which every call is looked at, and recorded, and none is failed.
WrittenPlan harmless_plan() {
  std::vector<heddle_inject_rule> rules;
  for (std::uint32_t call = 0; call < HEDDLE_INJECT_MAXIMUM_RULES; ++call) {
    heddle_inject_rule rule = failing_rule(static_cast<heddle_inject_call>(call), EIO);
    rule.first = 1'000'000;
    rules.push_back(rule);
  }
  return WrittenPlan(rules, HEDDLE_INJECT_RECORD | HEDDLE_INJECT_COUNT_CALLS);
}

TEST_CASE("armed rules that do not fire change nothing either") {
  const WrittenPlan plan = harmless_plan();
  for (const auto& command :
       std::vector<std::vector<std::string>>{{MAKES_CALLS, "fork", "pthread_create", "2"},
                                             {MAKES_CALLS, "thread", "mmap", "5"},
                                             {MAKES_CALLS, "closed", "futex.wait", "5"},
                                             {LEAVES_BY_PTHREAD_EXIT},
                                             {"ls", "/nonexistent"}}) {
    check_same(command, run(command), plan.run(command));
  }
}

std::set<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::set<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    lines.insert(line);
  }
  return lines;
}

TEST_CASE("the same calls are cancellation points as without the shim") {
  const std::vector<std::string> command{CANCELLED_AT_CALLS};
  const FinishedProcess plain = run(command);
  const std::set<std::string> lines = lines_of(plain.output);
  CHECK(lines.contains("mmap went on"));
  for (const inject::InjectableCall& row : inject::injectable_calls()) {
    const bool is_cancelled = lines.contains(fmt::format("{} was cancelled", row.name));
    INFO(row.name);
    CHECK(is_cancelled == ((row.facts & HEDDLE_INJECT_CANCELLATION_POINT) != 0));
  }
  check_same(command, plain, run(command, with_shim));
  check_same(command, plain, harmless_plan().run(command));
}

TEST_CASE("no thread of the shim's own runs in the program") {
  const std::vector<std::string> command{"sh", "-c", "ls /proc/$$/task | wc -l"};
  CHECK(harmless_plan().run(command).output == run(command).output);
}

// The rule begins to fire among the target's undisturbed calls: at a later one than it should when
// an ordinal was given twice before.
TEST_CASE("a handler may come in anywhere in a call, and make calls itself") {
  heddle_inject_rule rule = failing_rule(HEDDLE_INJECT_SCHED_YIELD, 0);
  rule.action = HEDDLE_INJECT_NOTHING;
  rule.first = 1000;
  const WrittenPlan plan({rule}, HEDDLE_INJECT_RECORD | HEDDLE_INJECT_COUNT_CALLS);
  const FinishedProcess process = plan.run({CALLS_FROM_HANDLER});
  REQUIRE(process.status == 0);
  const std::uint64_t calls = std::stoull(process.output);
  CHECK(calls > 2020);
  CHECK(plan.reached(0) == calls);
  CHECK(plan.fired(0) == calls - 999);
  std::uint64_t recorded = 0;
  for (const heddle_inject_site& site : plan.sites(HEDDLE_INJECT_SCHED_YIELD)) {
    recorded += site.count;
  }
  CHECK(recorded == calls);
}

TEST_CASE("rules reach a program that has closed all descriptors") {
  const WrittenPlan plan({failing_rule(HEDDLE_INJECT_SCHED_YIELD, ENOSYS)});
  CHECK(plan.run({MAKES_CALLS, "closed", "sched_yield", "2"}).output == "38 38\n");
}

TEST_CASE("pthread_exit and cancellation run destructors through the shim") {
  for (const Environment& environment : {Environment{}, with_shim}) {
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
  const std::vector<std::string> command{MAKES_CALLS, "once", "sigaltstack", "1"};
  const FinishedProcess plain = run(command, {{"LD_PRELOAD", CALLS_BEFORE_START_UP}});
  const FinishedProcess preloaded =
      run(command, {{"LD_PRELOAD", std::string(HEDDLE_INJECT_SHIM) + ":" + CALLS_BEFORE_START_UP}});
  CHECK(plain.output.ends_with("constructor ran\n0\n"));
  check_same(command, plain, preloaded);
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

/// Rows that programs call by a name of their own; the others are seen in libc's syscall().
std::set<std::string> wrapped_symbols() {
  const std::set<std::string> by_number{"clone", "clone3", "set_robust_list", "rt_sigprocmask"};
  std::set<std::string> symbols{"mmap64"};
  for (const inject::InjectableCall& row : inject::injectable_calls()) {
    const std::string name(row.name);
    if (name.find('.') == std::string::npos && !by_number.contains(name)) {
      symbols.insert(name);
    }
  }
  return symbols;
}

TEST_CASE("the shim defines the symbols of the table without versions, and no others") {
  std::set<std::string> expected = wrapped_symbols();
  expected.insert({"heddle_inject_control", "heddle_inject_pass_through"});
  // Passed on, and looked at: what is executed without the shim, how children end, and memory of
  // several processes.
  expected.insert({"execv", "execve", "execvp", "execvpe", "pclose", "posix_spawnp", "shmat",
                   "system", "wait", "wait3", "wait4", "waitid", "waitpid"});
  CHECK(lines_of(run({"nm", "--dynamic", "--defined-only", "--with-symbol-versions",
                      "--format=just-symbols", HEDDLE_INJECT_SHIM})
                     .output) == expected);
}

// Nothing that allocates, locks or is a cancellation point, save what start-up alone calls.
TEST_CASE("the shim calls no function of libc that a hooked path must not call") {
  const std::set<std::string> allowed{
      // Plain memory, on any path.
      "__errno_location", "memcmp", "memcpy", "memmove", "memset", "strcmp", "strlen", "strncmp",
      "strncpy", "strrchr", "strchr", "environ", "__environ",
      // Of the calling thread, and of attributes that the caller has: they only read.
      "pthread_self", "pthread_attr_getinheritsched", "pthread_attr_getschedpolicy",
      // Reads what the kernel has left above the main thread's stack.
      "getauxval",
      // pthread_create takes the same lock as this one, for attributes without a size.
      "pthread_attr_getstack", "pthread_attr_getstacksize",
      // Around libunwind alone, whose reading would be a cancellation point otherwise.
      "pthread_setcancelstate",
      // At start-up, in a fork server, and when a call comes before start-up.
      "_Fork", "__register_atfork", "dl_iterate_phdr", "dladdr", "dladdr1", "dlerror", "dlopen",
      "dlsym", "dlvsym", "getenv"};
  const std::set<std::string> undefined = lines_of(
      run({"nm", "--dynamic", "--undefined-only", "--format=posix", HEDDLE_INJECT_SHIM}).output);
  CHECK(undefined.size() > 5);
  for (const std::string& symbol : undefined) {
    const std::string name = symbol.substr(0, symbol.find_first_of(" @"));
    const bool is_weak = symbol.find(" w") != std::string::npos;
    INFO(symbol);
    CHECK((is_weak || allowed.contains(name)));
  }
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
