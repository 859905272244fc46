// Which calls a rule looks at, and how it chooses among them. Rules are written directly: what the
// plan language makes of them is another matter.
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>

#include "support/catch.hpp"
#include "support/written_plan.hpp"

namespace heddle::tests {
namespace {

heddle_inject_rule yield_rule() {
  return failing_rule(HEDDLE_INJECT_SCHED_YIELD, ENOSYS);
}

/// What makes_calls prints for three calls on its main thread, then three on a second one.
std::string results(const heddle_inject_rule& rule, const std::string& call = "sched_yield") {
  return WrittenPlan({rule}).run({MAKES_CALLS, "thread", call, "3"}).output;
}

const std::string none = "0 0 0\n0 0 0\n";
const std::string all = "38 38 38\n38 38 38\n";

TEST_CASE("a rule without conditions looks at every thread's calls") {
  CHECK(results(yield_rule()) == all);
}

TEST_CASE("a thread path keeps a rule to one thread") {
  heddle_inject_rule rule = yield_rule();
  rule.thread_path = heddle_inject_path_hash("0.1");
  CHECK(results(rule) == "0 0 0\n38 38 38\n");
}

TEST_CASE("a thread name keeps a rule to threads of that name") {
  heddle_inject_rule rule = yield_rule();
  std::strcpy(&rule.thread_name[0], "branch");
  const WrittenPlan plan({rule});
  plan.run({GROWS_THREADS});
  // The thread that takes the name, and the two that it creates: they inherit it.
  CHECK(plan.reached(0) == 3);
}

TEST_CASE("a caller is named by its file, whole or up to .so") {
  const auto [caller, expected] = GENERATE(table<std::string, std::string>({
      {"inject_makes_calls", all},
      {"inject_makes", none},
      {"inject_makes_calls.so", none},
      {"libc", none},
  }));
  heddle_inject_rule rule = yield_rule();
  std::strcpy(&rule.caller[0], caller.c_str());
  CHECK(results(rule) == expected);
}

TEST_CASE("a caller in a library is told from the program") {
  heddle_inject_rule rule = failing_rule(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN);
  std::strcpy(&rule.caller[0], "libstdc++");
  const WrittenPlan plan({rule});
  // std::thread lives in libstdc++; the calls that are named in the program itself do not.
  const FinishedProcess process = plan.run({MAKES_CALLS, "thread", "pthread_create", "2"});
  CHECK(process.output == "0 0\n");
  CHECK(plan.fired(0) == 1);
}

TEST_CASE("exe keeps a rule to one program") {
  heddle_inject_rule rule = yield_rule();
  std::strcpy(&rule.exe[0], "inject_makes_calls");
  CHECK(results(rule) == all);
  std::strcpy(&rule.exe[0], "inject_makes");
  CHECK(results(rule) == none);
}

constexpr std::uint64_t length = 4096;  // of the target's mmap
constexpr std::uint64_t minus_one = std::numeric_limits<std::uint64_t>::max();

TEST_CASE("arguments are compared without a sign") {
  const auto [argument, comparator, value, passes] =
      GENERATE(table<std::uint16_t, heddle_inject_comparator, std::uint64_t, bool>({
          {2, HEDDLE_INJECT_EQUAL, length, true},
          {2, HEDDLE_INJECT_EQUAL, length + 1, false},
          {2, HEDDLE_INJECT_NOT_EQUAL, length, false},
          {2, HEDDLE_INJECT_NOT_EQUAL, 0, true},
          {2, HEDDLE_INJECT_LESS, length, false},
          {2, HEDDLE_INJECT_LESS, length + 1, true},
          {2, HEDDLE_INJECT_LESS_OR_EQUAL, length, true},
          {2, HEDDLE_INJECT_LESS_OR_EQUAL, length - 1, false},
          {2, HEDDLE_INJECT_GREATER, length, false},
          {2, HEDDLE_INJECT_GREATER, length - 1, true},
          {2, HEDDLE_INJECT_GREATER_OR_EQUAL, length, true},
          {2, HEDDLE_INJECT_GREATER_OR_EQUAL, length + 1, false},
          {2, HEDDLE_INJECT_ALL_BITS, length, true},
          {2, HEDDLE_INJECT_ALL_BITS, length | 1, false},
          {2, HEDDLE_INJECT_ANY_BIT, length | 1, true},
          {2, HEDDLE_INJECT_ANY_BIT, 1, false},
          {5, HEDDLE_INJECT_EQUAL, minus_one, true},
          {5, HEDDLE_INJECT_GREATER, length, true},
          {7, HEDDLE_INJECT_EQUAL, 0, false},
      }));
  heddle_inject_rule rule = failing_rule(HEDDLE_INJECT_MMAP, ENOMEM);
  std::strcpy(&rule.caller[0], "inject_makes_calls");
  rule.comparisons[0] = {argument, static_cast<std::uint16_t>(comparator), 0, value};
  CAPTURE(argument, comparator, value);
  CHECK(results(rule, "mmap") == (passes ? "12 12 12\n12 12 12\n" : none));
}

TEST_CASE("all comparisons of a rule must hold") {
  heddle_inject_rule rule = failing_rule(HEDDLE_INJECT_MMAP, ENOMEM);
  rule.comparisons[0] = {2, HEDDLE_INJECT_EQUAL, 0, 4096};
  rule.comparisons[3] = {6, HEDDLE_INJECT_EQUAL, 0, 1};
  CHECK(results(rule, "mmap") == none);
}

TEST_CASE("a stack keeps a rule to the calls of one site") {
  const WrittenPlan recorded({}, HEDDLE_INJECT_RECORD);
  recorded.run({GROWS_THREADS});
  const auto sites = recorded.sites(HEDDLE_INJECT_SCHED_YIELD);
  REQUIRE(sites.size() == 10);
  heddle_inject_rule rule = yield_rule();
  rule.stack = sites[2].stack;  // of "0.1.1": a leaf
  const WrittenPlan plan({rule});
  plan.run({GROWS_THREADS});
  // The leaves, by pthread_create: 0.1.1, 0.1.2, 0.3, 0.f1.1, 0.f2.1.
  CHECK(plan.fired(0) == 5);
}

TEST_CASE("a chance draws the same calls for the same seed, and others for another") {
  const auto drawn = [](std::uint64_t seed) {
    heddle_inject_rule rule = yield_rule();
    rule.chance = UINT64_C(1) << 63;
    rule.seed = seed;
    return WrittenPlan({rule}).run({MAKES_CALLS, "thread", "sched_yield", "64"}).output;
  };
  const std::string first = drawn(7);
  CHECK(first == drawn(7));
  CHECK(first != drawn(8));
  // The second thread draws for itself.
  const auto half = first.size() / 2;
  CHECK(first.substr(0, half) != first.substr(half));
}

TEST_CASE("a rule fires no more often than times says") {
  heddle_inject_rule rule = yield_rule();
  rule.times = 2;
  CHECK(results(rule) == "38 38 0\n38 38 0\n");
  rule.count = HEDDLE_INJECT_COUNT_PROCESS;
  CHECK(results(rule) == "38 38 0\n0 0 0\n");
}

TEST_CASE("once a sticky rule has fired it fires on every call of that name") {
  heddle_inject_rule rule = yield_rule();
  rule.flags = HEDDLE_INJECT_STICKY;
  rule.thread_path = heddle_inject_path_hash("0");
  rule.first = 3;
  rule.last = 3;
  CHECK(results(rule) == "0 0 38\n38 38 38\n");
}

TEST_CASE("a rule for a system call by number looks at that number alone") {
  heddle_inject_rule rule = failing_rule(HEDDLE_INJECT_SYSTEM_CALL, EIO);
  rule.number = 110;  // getppid
  CHECK(results(rule, "syscall") == "5 5 5\n5 5 5\n");
  rule.number = 39;  // getpid
  CHECK(results(rule, "syscall") == none);
  rule.number = UINT32_MAX;
  CHECK(results(rule, "syscall") == "5 5 5\n5 5 5\n");
}

}  // namespace
}  // namespace heddle::tests
