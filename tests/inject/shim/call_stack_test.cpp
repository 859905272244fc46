// Who makes a call, where that is hard to tell.
#include <algorithm>
#include <cstdint>
#include <sstream>

#include "support/catch.hpp"
#include "support/written_plan.hpp"

namespace heddle::tests {
namespace {

/// The frames of the only site at which the program's main thread yields.
std::uint32_t frames_of_main_thread(const char* program, std::uint32_t flags) {
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD | flags);
  CHECK(plan.run({program}).status == 0);
  const auto sites = plan.sites(HEDDLE_INJECT_SCHED_YIELD);
  REQUIRE(sites.size() == 10);
  CHECK(plan.record().modules[sites[0].frames[0] >> 48].ready == 1);
  return sites[0].frame_count;
}

// In yield(), in main, and in what of libc called that, which has no frame pointers itself.
TEST_CASE("frame pointers lead from a call to its callers") {
  for (const char* const program :
       {GROWS_THREADS, GROWS_THREADS_IN_PARTS_PIE, GROWS_THREADS_IN_PARTS_NO_PIE}) {
    CAPTURE(program);
    CHECK(frames_of_main_thread(program, 0) == 3);
  }
}

TEST_CASE("without frame pointers the caller itself is still known") {
  CHECK(frames_of_main_thread(GROWS_THREADS_WITHOUT_FRAME_POINTERS, 0) == 1);
}

// Those two, and the three of libc's and the program's start code.
TEST_CASE("libunwind finds the callers of code without frame pointers") {
  CHECK(frames_of_main_thread(GROWS_THREADS_WITHOUT_FRAME_POINTERS, HEDDLE_INJECT_LIBUNWIND) == 5);
}

TEST_CASE("a thread's stack ends where the program's own code begins") {
  const auto flags = GENERATE(std::uint32_t{0}, std::uint32_t{HEDDLE_INJECT_LIBUNWIND});
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD | flags);
  plan.run({GROWS_THREADS});
  const auto sites = plan.sites(HEDDLE_INJECT_SCHED_YIELD);
  REQUIRE(sites.size() == 10);
  // yield() and the thread's start routine.
  for (const std::size_t thread : {1, 2, 3, 4, 5}) {
    CHECK(sites[thread].frame_count == 2);
  }
}

TEST_CASE("on an alternate signal stack, and on a coroutine's, only the caller is known") {
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD);
  CHECK(plan.run({CHANGES_STACKS}).output == "handled\nswitched\n");
  const auto sites = plan.sites(HEDDLE_INJECT_SCHED_YIELD);
  REQUIRE(sites.size() == 2);
  CHECK(sites[0].frame_count == 1);
  CHECK(sites[1].frame_count == 1);
}

TEST_CASE("in a thread that libc has made for itself only the caller is known") {
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD);
  CHECK(plan.run({YIELDS_IN_LIBCS_THREAD}).status == 0);
  const auto sites = plan.sites(HEDDLE_INJECT_SCHED_YIELD);
  REQUIRE(sites.size() == 1);
  CHECK(sites[0].frame_count == 1);
}

TEST_CASE("libunwind keeps off an alternate signal stack that has no room for it") {
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD | HEDDLE_INJECT_LIBUNWIND);
  CHECK(plan.run({SMALL_SIGNAL_STACK}).output == "handled\n");
  const auto sites = plan.sites(HEDDLE_INJECT_SCHED_YIELD);
  REQUIRE(sites.size() == 1);
  CHECK(sites[0].frame_count == 1);
}

TEST_CASE("libunwind leaves no descriptor where a program would look") {
  const WrittenPlan plan({}, HEDDLE_INJECT_RECORD | HEDDLE_INJECT_LIBUNWIND);
  const std::vector<std::string> command{"ls", "-1", "-f", "/proc/self/fd"};
  const auto descriptors = [](const std::string& output) {
    std::vector<int> found;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
      if (line.front() != '.' && std::stoi(line) < 900) {
        found.push_back(std::stoi(line));
      }
    }
    return found;
  };
  CHECK(descriptors(plan.run(command).output) == descriptors(run(command).output));
}

}  // namespace
}  // namespace heddle::tests
