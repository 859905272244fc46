// What threads are called.
#include <cerrno>

#include "support/catch.hpp"
#include "support/written_plan.hpp"

namespace heddle::tests {
namespace {

using Paths = std::vector<std::string>;

Paths recorded_paths(const WrittenPlan& plan) {
  Paths paths;
  for (const heddle_inject_site& site : plan.sites(HEDDLE_INJECT_SCHED_YIELD)) {
    paths.emplace_back(&site.thread_path[0]);
    CHECK(site.thread_path_hash == heddle_inject_path_hash(&site.thread_path[0]));
  }
  return paths;
}

TEST_CASE("a thread's path says who created it, and as the how manieth") {
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD);
  CHECK(plan.run({GROWS_THREADS}).status == 0);
  CHECK(recorded_paths(plan) ==
        Paths{"0", "0.1", "0.1.1", "0.1.2", "0.2", "0.3", "0.f1", "0.f1.1", "0.f2", "0.f2.1"});
}

TEST_CASE("a process has its path from the thread that forked it") {
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD);
  CHECK(plan.run({MAKES_CALLS, "thread-fork", "sched_yield", "1"}).status == 0);
  CHECK(recorded_paths(plan) == Paths{"0", "0.1.f1"});
}

TEST_CASE("a thread that could not be created shifts no other path") {
  heddle_inject_rule rule = failing_rule(HEDDLE_INJECT_PTHREAD_CREATE, EAGAIN);
  rule.thread_path = heddle_inject_path_hash("0.1");
  rule.last = 1;
  const WrittenPlan plan({rule}, HEDDLE_INJECT_RECORD);
  CHECK(plan.run({GROWS_THREADS}).status == 0);
  CHECK(recorded_paths(plan) ==
        Paths{"0", "0.1", "0.1.2", "0.2", "0.3", "0.f1", "0.f1.1", "0.f2", "0.f2.1"});
}

TEST_CASE("more threads than the shim has start records for keep their paths") {
  constexpr int threads = 200;
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD);
  CHECK(plan.run({MAKES_CALLS, "threads", "sched_yield", std::to_string(threads)}).status == 0);
  CHECK(recorded_paths(plan).size() == threads + 1);
}

}  // namespace
}  // namespace heddle::tests
