// Errors of memory that a campaign finds with Valgrind's memcheck.

#include "campaign.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using Catch::Matchers::ContainsSubstring;
using inject::Verdict;

struct MemcheckCampaign {
  FinishedProcess process;
  inject::CampaignReport report;
};

/// Fails one call of one of the programs of heap.cpp, under memcheck.
MemcheckCampaign explore_memory(const std::string& program, std::vector<std::string> options = {},
                                std::vector<std::string> command = {}) {
  const TestFolder folder;
  const std::vector<std::string> always{
      "--calls", "pthread_create", "--errors", "likely", "--occurrences", "1", "--in-a-row", "2"};
  options.insert(options.end(), always.begin(), always.end());
  if (command.empty()) {
    options.insert(options.end(), {"--check", "memcheck"});
  }
  command.insert(command.end(), {HEAP, program});
  MemcheckCampaign campaign;
  campaign.process = explore(folder.file("log"), options, command);
  campaign.report = read(folder.file("log"));
  INFO(campaign.process.output << campaign.process.errors);
  REQUIRE(campaign.report.faults.size() == 3);  // once, from here on, in a row
  return campaign;
}

TEST_CASE("an error of memory on an error path is one, with its kind and its place") {
  struct Example {
    const char* program;
    const char* kind;
    const char* says;
  };
  const auto example = GENERATE(values<Example>({
      {"frees-twice", "InvalidFree", "Invalid free()"},
      {"uses-freed", "InvalidRead", "Invalid read of size 1: 8 bytes inside a block of size 72"},
      {"writes-beyond", "InvalidWrite", "Invalid write of size 1: 0 bytes after a block"},
      {"asks-unwritten", "UninitCondition", "uninitialised"},
  }));
  const MemcheckCampaign campaign = explore_memory(example.program);
  INFO(example.program << campaign.process.output << campaign.process.errors);
  CHECK(campaign.process.status == 1);
  const inject::FaultRun& fault = campaign.report.faults[0];
  CHECK(fault.verdict == Verdict::memory_error);
  CHECK(fault.repeated == fault.repetitions);
  CHECK_THAT(fault.evidence, ContainsSubstring(example.says));
  REQUIRE_FALSE(fault.memory_errors.empty());
  CHECK(fault.memory_errors[0].kind == example.kind);
  CHECK_THAT(campaign.process.output, ContainsSubstring("memory error: pthread_create fails") &&
                                          ContainsSubstring("(heap.cpp:") &&
                                          ContainsSubstring("refuse"));
}

TEST_CASE(
    "a block that is lost is leaked under memcheck, too, even when the program ends by _exit") {
  struct Example {
    const char* program;
    std::vector<std::string> options;
  };
  const auto example = GENERATE(
      values<Example>({{"loses", {"--no-fork-server"}}, {"loses-and-leaves", {"--jobs", "2"}}}));
  const MemcheckCampaign campaign = explore_memory(example.program, example.options);
  INFO(campaign.process.output << campaign.process.errors);
  const std::vector<inject::FaultRun>& faults = campaign.report.faults;
  CHECK(faults[0].verdict == Verdict::leaked);
  CHECK(faults[0].evidence == "72 bytes in 1 block of the heap lost");
  CHECK_THAT(faults[1].evidence,
             ContainsSubstring("216 bytes in 3 blocks") && ContainsSubstring("it grows"));
  CHECK_THAT(campaign.process.output, ContainsSubstring("run_job"));
}

TEST_CASE("what is correct, kept until the end, or wrong without any fault is no memory error") {
  const std::string program = GENERATE("returns", "keeps", "always-errs");
  const MemcheckCampaign campaign = explore_memory(program);
  INFO(program << campaign.process.output << campaign.process.errors);
  CHECK(campaign.report.recording.memory_not_checked.empty());
  CHECK(campaign.report.recording.status == "exit status 0");
  for (const inject::FaultRun& fault : campaign.report.faults) {
    CAPTURE(fault.id, fault.evidence);
    CHECK(fault.verdict != Verdict::memory_error);
    CHECK(fault.verdict != Verdict::leaked);
  }
}

TEST_CASE("a program that crashes under memcheck has crashed, and the stack is the program's") {
  const MemcheckCampaign campaign = explore_memory("dies");
  INFO(campaign.process.output << campaign.process.errors);
  const inject::FaultRun& fault = campaign.report.faults[0];
  CHECK(fault.verdict == Verdict::crashed);
  CHECK_THAT(fault.evidence,
             ContainsSubstring("SIGSEGV") && ContainsSubstring("Invalid read of size 1"));
  REQUIRE(fault.threads.size() == 1);
  CHECK_THAT(fault.threads[0].frames.at(0).function, ContainsSubstring("touch"));
}

TEST_CASE("memcheck that the user has typed is listened to") {
  const std::vector<std::string> valgrind{"valgrind", "-q", "--leak-check=full"};
  const std::vector<std::string> exe{"--exe", "inject_heap"};
  CHECK(explore_memory("loses", exe, valgrind).report.faults[0].verdict == Verdict::leaked);
  CHECK(explore_memory("uses-freed", exe, valgrind).report.faults[0].verdict ==
        Verdict::memory_error);
}

TEST_CASE("replay and shrink see the memory error again") {
  const TestFolder folder;
  const std::string log = folder.file("log").string();
  explore(log,
          {"--check", "memcheck", "--calls", "pthread_create", "--errors", "likely",
           "--occurrences", "1"},
          {HEAP, "uses-freed"});
  const FinishedProcess replayed = run({HEDDLE_INJECT_PROGRAM, "replay", log, "1"});
  INFO(replayed.output << replayed.errors);
  CHECK_THAT(replayed.output, ContainsSubstring("memory error: Invalid read of size 1"));
  const FinishedProcess shrunk =
      run({HEDDLE_INJECT_PROGRAM, "shrink", "--check", "memcheck", "-e",
           "pthread_create:error=EAGAIN:when=1", "-e", "pthread_create:error=EAGAIN:when=9", "--",
           HEAP, "uses-freed"});
  CHECK(shrunk.status == 0);
  CHECK_THAT(shrunk.output,
             ContainsSubstring("memory error: 1 of 2 rules are enough\nheddle-inject run "
                               "--check memcheck -e pthread_create"));
  const FinishedProcess once = run({HEDDLE_INJECT_PROGRAM, "run", "--check", "memcheck", "-e",
                                    "pthread_create:error=EAGAIN", "--", HEAP, "uses-freed"});
  CHECK(once.status == 0);
  CHECK_THAT(once.errors,
             ContainsSubstring("Invalid read of size 1") && ContainsSubstring("fired 3 times"));
}

TEST_CASE("memcheck and the raw layer exclude each other, in one line") {
  const FinishedProcess refused =
      run({HEDDLE_INJECT_PROGRAM, "explore", "--raw", "--check", "memcheck", "--", HEAP, "loses"});
  CHECK(refused.status == 2);
  CHECK_THAT(refused.errors, ContainsSubstring("--raw with --check memcheck"));
}

}  // namespace
}  // namespace heddle::tests
