// The record of the calls that a run has made.
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <initializer_list>
#include <set>
#include <string_view>

#include "support/catch.hpp"
#include "support/written_plan.hpp"

namespace heddle::tests {
namespace {

/// The same program, linked in three ways.
constexpr std::initializer_list<const char*> grow_threads = {
    GROWS_THREADS, GROWS_THREADS_IN_PARTS_PIE, GROWS_THREADS_IN_PARTS_NO_PIE};

std::string module_name(const WrittenPlan& plan, heddle_inject_frame frame) {
  const auto index = frame >> 48;
  REQUIRE(index < HEDDLE_INJECT_MAXIMUM_MODULES);
  const heddle_inject_module& module = plan.record().modules[index];
  REQUIRE(module.ready == 1);
  return std::filesystem::path(&module.path[0]).filename();
}

TEST_CASE("a site has its call, its frames, its thread and its occurrences") {
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD);
  plan.run({MAKES_CALLS, "thread", "sched_yield", "3"});
  const auto sites = plan.sites(HEDDLE_INJECT_SCHED_YIELD);
  REQUIRE(sites.size() == 2);
  for (const heddle_inject_site& site : sites) {
    CHECK(site.key != 0);
    CHECK(site.count == 3);
    CHECK(site.raw == 0);
    CHECK(std::string_view(&site.exe[0]) == "inject_makes_calls");
    CHECK(site.exe_hash == heddle_inject_path_hash("inject_makes_calls"));
    CHECK(std::string_view(&site.thread_name[0]) == "inject_makes_ca");
    REQUIRE(site.frame_count >= 3);
    CHECK(module_name(plan, site.frames[0]) == "inject_makes_calls");
  }
  CHECK(std::string_view(&sites[0].thread_path[0]) == "0");
  CHECK(std::string_view(&sites[1].thread_path[0]) == "0.1");
  CHECK(sites[0].stack != sites[1].stack);
  CHECK(plan.record().lost_sites == 0);
}

TEST_CASE("the program's module has its absolute path and its build id") {
  const auto* const program = GENERATE(values(grow_threads));
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD);
  plan.run({program});
  const auto sites = plan.sites(HEDDLE_INJECT_SCHED_YIELD);
  REQUIRE(!sites.empty());
  const heddle_inject_module& module = plan.record().modules[sites[0].frames[0] >> 48];
  CHECK(std::filesystem::equivalent(&module.path[0], program));
  CHECK(module.build_id_size == 20);
  CHECK(module.identity != 0);
}

// Address space layout differs from run to run, which keys must not show.
TEST_CASE("the keys of a run are those of the next") {
  const auto keys = [] {
    const WrittenPlan plan({}, HEDDLE_INJECT_RECORD);
    plan.run({GROWS_THREADS});
    std::set<std::uint64_t> found;
    for (std::uint32_t call = 0; call < HEDDLE_INJECT_CALLS; ++call) {
      for (const auto& site : plan.sites(static_cast<heddle_inject_call>(call))) {
        found.insert(site.key);
      }
    }
    return found;
  };
  const auto first = keys();
  CHECK(first.size() > 10);
  CHECK(first == keys());
}

TEST_CASE("a frame's offset is that of the return address in the module") {
  const auto* const program = GENERATE(values(grow_threads));
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD);
  plan.run({program});
  const auto sites = plan.sites(HEDDLE_INJECT_SCHED_YIELD);
  REQUIRE(!sites.empty());
  // All ten make the call in the same function, and only the main threads from main.
  for (const heddle_inject_site& site : sites) {
    CHECK(site.frames[0] == sites[0].frames[0]);
  }
  const std::string offset = std::to_string((sites[0].frames[0] & 0xffff'ffff'ffff) - 1);
  const FinishedProcess symbol = run(
      {"sh", "-c", "addr2line -f -C -e " + std::string(program) + " $(printf %x " + offset + ")"});
  CHECK(symbol.output.find("yield") != std::string::npos);
}

TEST_CASE("calls whose site finds no room are counted as lost") {
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD, 2);
  plan.run({GROWS_THREADS});
  std::uint64_t counted = plan.record().lost_sites;
  for (std::uint32_t call = 0; call < HEDDLE_INJECT_CALLS; ++call) {
    for (const auto& site : plan.sites(static_cast<heddle_inject_call>(call))) {
      counted += site.count;
    }
  }
  const WrittenPlan roomy({}, HEDDLE_INJECT_COUNT_CALLS);
  roomy.run({GROWS_THREADS});
  std::uint64_t made = 0;
  for (const heddle_inject_totals& totals : roomy.control().totals) {
    for (const std::uint64_t calls : totals.calls) {
      made += calls;
    }
  }
  CHECK(counted == made);
  CHECK(plan.record().lost_sites > 0);
}

TEST_CASE("calls are counted by row") {
  const WrittenPlan plan({}, HEDDLE_INJECT_COUNT_CALLS);
  plan.run({GROWS_THREADS});
  const auto calls = [&](heddle_inject_call call) {
    std::uint64_t sum = 0;
    for (const heddle_inject_totals& totals : plan.control().totals) {
      sum += totals.calls[call];
    }
    return sum;
  };
  CHECK(calls(HEDDLE_INJECT_SCHED_YIELD) == 10);
  CHECK(calls(HEDDLE_INJECT_PTHREAD_CREATE) == 6);
  CHECK(calls(HEDDLE_INJECT_THRD_CREATE) == 1);
  CHECK(calls(HEDDLE_INJECT_PTHREAD_SETNAME_NP) == 1);
  CHECK(calls(HEDDLE_INJECT_FUTEX_WAKE) == 0);
}

TEST_CASE("calls in the constructors of libraries are seen") {
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD);
  plan.run({MAKES_CALLS, "once", "nanosleep", "1"},
           {{"LD_PRELOAD", std::string(HEDDLE_INJECT_SHIM) + ":" + CALLS_IN_CONSTRUCTOR}});
  CHECK(plan.record().unseen_calls == 0);
  REQUIRE(plan.sites(HEDDLE_INJECT_THRD_CREATE).size() == 1);
  CHECK(std::string(&plan.sites(HEDDLE_INJECT_THRD_CREATE)[0].thread_path[0]) == "0");
}

TEST_CASE("calls that come before the shim is ready are counted as unseen") {
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD);
  plan.run({MAKES_CALLS, "once", "sched_yield", "1"},
           {{"LD_PRELOAD", std::string(HEDDLE_INJECT_SHIM) + ":" + CALLS_BEFORE_START_UP}});
  CHECK(plan.record().unseen_calls >= 40);
  CHECK(plan.sites(HEDDLE_INJECT_SCHED_YIELD).size() == 1);
}

}  // namespace
}  // namespace heddle::tests
