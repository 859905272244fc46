// Leaks of the heap that a campaign finds with LeakSanitizer.
#include <cstdlib>
#include <filesystem>

#include "campaign.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using inject::Verdict;

struct HeapCampaign {
  FinishedProcess process;
  inject::CampaignReport report;
};

HeapCampaign explore_heap(const std::string& program, std::vector<std::string> options = {}) {
  const TestFolder folder;
  const std::vector<std::string> always{"--check",  "leaks",  "--calls",       "pthread_create",
                                        "--errors", "likely", "--occurrences", "1"};
  options.insert(options.end(), always.begin(), always.end());
  HeapCampaign campaign;
  campaign.process = explore(folder.file("log"), options, {HEAP, program});
  campaign.report = read(folder.file("log"));
  REQUIRE(campaign.report.faults.size() == 3);  // once, from here on, in a row
  return campaign;
}

TEST_CASE("a block that is lost when a thread is refused is leaked, and its allocation is shown") {
  const auto options = GENERATE(
      values<std::vector<std::string>>({{}, {"--no-fork-server"}, {"--jobs", "2"}, {"--raw"}}));
  const HeapCampaign campaign = explore_heap("loses", options);
  INFO(campaign.process.output << campaign.process.errors);
  CHECK(campaign.process.status == 1);
  for (const inject::FaultRun& fault : campaign.report.faults) {
    CAPTURE(fault.id, fault.evidence);
    CHECK(fault.verdict == Verdict::leaked);
    CHECK(fault.repeated == fault.repetitions);
    REQUIRE(fault.memory_errors.size() == 1);
    CHECK(fault.memory_errors[0].frames.at(0).function == "(anonymous namespace)::run_job(int)");
  }
  const std::vector<inject::FaultRun>& faults = campaign.report.faults;
  CHECK(faults[0].evidence == "72 bytes in 1 block of the heap lost");
  CHECK(faults[1].evidence ==
        "216 bytes in 3 blocks of the heap lost; it grows with each call that fails, from 72 bytes "
        "after one");
  CHECK_THAT(campaign.process.output,
             ContainsSubstring("72 bytes in 1 block, allocated by:\n"
                               "      (anonymous namespace)::run_job(int) (heap.cpp:"));
}

TEST_CASE("a leak that does not grow is said to be such") {
  const HeapCampaign campaign = explore_heap("loses-first");
  CHECK(campaign.report.faults[1].evidence ==
        "72 bytes in 1 block of the heap lost; no more than after one such call");
}

TEST_CASE("what is given back, kept until the end, or lost without any fault is no leak") {
  const std::string program = GENERATE("gives-back", "keeps", "keeps-mapped", "always-loses");
  const HeapCampaign campaign = explore_heap(program);
  INFO(program << campaign.process.output << campaign.process.errors);
  for (const inject::FaultRun& fault : campaign.report.faults) {
    CAPTURE(fault.id, fault.evidence);
    // Less was mapped and nobody was told: that is another question.
    CHECK(fault.verdict != Verdict::leaked);
  }
  CHECK(campaign.report.recording.memory_not_checked.empty());
}

TEST_CASE("what the stack of a thread of C11's leads to is not lost") {
  const HeapCampaign campaign = explore_heap("keeps-in-thread");
  for (const inject::FaultRun& fault : campaign.report.faults) {
    CAPTURE(fault.id, fault.evidence);
    CHECK_THAT(fault.evidence, ContainsSubstring("threads at exit"));
    CHECK(fault.memory_errors.empty());
  }
}

TEST_CASE("a leak on the way to an error status is one") {
  const HeapCampaign campaign = explore_heap("loses-and-fails");
  CHECK(campaign.report.faults[0].verdict == Verdict::leaked);
}

TEST_CASE("what main holds when it returns early is no leak") {
  const HeapCampaign campaign = explore_heap("returns");
  INFO(campaign.process.output << campaign.process.errors);
  CHECK(campaign.report.faults[0].verdict == Verdict::reported);
}

TEST_CASE("a program that ends by _exit is not checked for leaks, and the report says so") {
  const HeapCampaign campaign = explore_heap("loses-and-leaves");
  CHECK(campaign.report.faults[0].verdict != Verdict::leaked);
  CHECK_THAT(campaign.process.output, ContainsSubstring("leaks not checked: the program ends "
                                                        "by a signal or _exit"));
}

TEST_CASE("the leak checker leaves the program's signals alone") {
  CHECK(explore_heap("watches-signals").report.recording.status == "exit status 0");
}

TEST_CASE("replay finds the leak again") {
  const TestFolder folder;
  const fs::path log = folder.file("log");
  explore(log, {"--check", "leaks", "--calls", "pthread_create", "--errors", "likely"},
          {HEAP, "loses"});
  const FinishedProcess replayed = run({HEDDLE_INJECT_PROGRAM, "replay", log.string(), "1"});
  INFO(replayed.output << replayed.errors);
  CHECK_THAT(replayed.output + replayed.errors,
             ContainsSubstring("72 bytes in 1 block of the heap lost"));
}

TEST_CASE("run leaves the report of leaks to the library, which names the functions") {
  const FinishedProcess once = run({HEDDLE_INJECT_PROGRAM, "run", "--check", "leaks", "-e",
                                    "pthread_create:error=EAGAIN", "--", HEAP, "loses"});
  CHECK(once.status == 0);
  CHECK_THAT(once.errors, ContainsSubstring("216 byte(s) in 3 object(s)") &&
                              ContainsSubstring("run_job") && ContainsSubstring("fired 3 times"));
}

TEST_CASE("a campaign leaves no folder of reports behind") {
  const TestFolder folder;
  setenv("TMPDIR", folder.file("").c_str(), 1);
  explore_heap("loses", {"--jobs", "2"});
  unsetenv("TMPDIR");
  for (const fs::directory_entry& entry : fs::directory_iterator(folder.file(""))) {
    CHECK(entry.path().filename().string().find("heddle-inject-") == std::string::npos);
  }
}

}  // namespace
}  // namespace heddle::tests
