// Each verdict, on a program that has just the bug for it. A campaign that always said the same
// would fail here, as would one whose faults do not reach the program.

#include "campaign.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

constexpr const char* create = "pthread_create";

struct Expectation {
  std::string program, call, error, shape, verdict;
};

TEST_CASE("each verdict is said of a program that deserves it") {
  const auto expected = GENERATE(values<Expectation>({
      {"reports", create, "EAGAIN", "once", "reported"},
      {"crashes", create, "EAGAIN", "once", "crashed"},
      {"aborts", create, "EAGAIN", "once", "aborted"},
      {"hangs", create, "EAGAIN", "once", "hung"},
      {"spins", create, "EAGAIN", "once", "survived"},
      {"spins", create, "EAGAIN", "from here on", "hung"},
      {"misreads-interruption", "futex.wait", "EINTR", "once", "wrong output"},
      {"misreads-interruption", "futex.wait", "spurious", "once", "wrong output"},
      {"leaks-descriptor", create, "EAGAIN", "once", "leaked"},
      {"leaks-thread", create, "EAGAIN", "once", "leaked"},
      {"ends-thread-late", create, "EAGAIN", "once", "survived"},
      {"leaks-mapping", create, "EAGAIN", "once", "leaked"},
      {"leaks-beside-variables", create, "EAGAIN", "once", "leaked"},
      {"shares-or-not", "mmap", "ENOMEM", "once", "survived"},
      {"shares-all-or-nothing", "mmap", "ENOMEM", "once", "survived"},
      {"goes-unguarded", "mprotect", "ENOMEM", "once", "silently degraded"},
      {"leaks-unguarded", "mprotect", "ENOMEM", "once", "leaked"},
      {"complains-on-output", create, "EAGAIN", "once", "reported"},
      {"degrades", create, "EAGAIN", "once", "silently degraded"},
      {"retries-twice", create, "EAGAIN", "once", "survived"},
      {"retries-twice", create, "EAGAIN", "in a row", "aborted"},
      {"retries-twice", create, "EAGAIN", "from here on", "aborted"},
      {"closes-descriptors", create, "EAGAIN", "once", "reported"},
      {"crashes-in-child", create, "EAGAIN", "once", "aborted"},
  }));
  CAPTURE(expected.program, expected.shape, expected.error);
  const BugCampaign campaign =
      explore_bug(expected.program, {"--errors", "likely", "--timeout", "700ms"});
  INFO(campaign.process.output << campaign.process.errors);
  CHECK(verdict_of(campaign.report, expected.call, expected.error, expected.shape) ==
        expected.verdict);
}

TEST_CASE("a leak is seen at the end of a process whose first thread has ended before") {
  const auto [program, what] = GENERATE(table<std::string, std::string>({
      {"leaks-descriptor-after-main", "open descriptors"},
      {"leaks-mapping-after-main", "bytes of private memory"},
  }));
  const BugCampaign campaign = explore_bug(program, {"--calls", create, "--errors", "likely"});
  INFO(campaign.process.output << campaign.process.errors);
  CHECK_THAT(campaign.process.output, Catch::Matchers::ContainsSubstring("1 reported, 1 leaked"));
  CHECK_THAT(campaign.process.output, Catch::Matchers::ContainsSubstring(what));
}

TEST_CASE("a finding is seen three more times, and has the stacks of all threads") {
  const auto program = GENERATE("crashes", "hangs");
  const BugCampaign campaign = explore_bug(program, {"--errors", "likely", "--timeout", "700ms"});
  REQUIRE(campaign.report.faults.size() == 3);
  const inject::FaultRun& fault = campaign.report.faults.front();
  CHECK(fault.repeated == 3);
  CHECK(fault.repetitions == 3);
  REQUIRE(fault.threads.size() == 1);
  bool in_main = false;
  for (const inject::Frame& frame : fault.threads.front().frames) {
    in_main = in_main || frame.function == "main";
  }
  CHECK(in_main);
}

TEST_CASE("a silent degradation that is not silent each time is not said") {
  const TestFolder folder;
  const std::filesystem::path log = folder.file("log");
  const FinishedProcess process =
      run({HEDDLE_INJECT_PROGRAM, "explore", "--log", log, "--calls", create, "--errors", "likely",
           "--", ONE_BUG, "degrades-at-first"},
          {{"TMPDIR", folder.file("")}});
  INFO(process.output << process.errors);
  CHECK(std::filesystem::exists(folder.file("degraded")));
  CHECK(verdict_of(read(log), create, "EAGAIN", "once") == "reported");
}

TEST_CASE("without a fork server the verdicts are the same") {
  const auto [program, verdict] = GENERATE(table<std::string, std::string>({
      {"reports", "reported"},
      {"crashes", "crashed"},
      {"leaks-descriptor", "leaked"},
      {"crashes-in-child", "aborted"},
  }));
  const BugCampaign campaign = explore_bug(program, {"--errors", "likely", "--no-fork-server"});
  INFO(campaign.process.output << campaign.process.errors);
  CHECK_FALSE(campaign.report.recording.fork_server);
  CHECK(verdict_of(campaign.report, create, "EAGAIN", "once") == verdict);
}

TEST_CASE("a second fault is tried where only the first one leads, and can be replayed") {
  const TestFolder folder;
  const std::filesystem::path log = folder.file("log");
  const FinishedProcess process =
      explore(log, {"--errors", "likely", "--pairs"}, {ONE_BUG, "falls-back"});
  INFO(process.output << process.errors);
  CHECK(process.status == 1);
  const inject::CampaignReport report = read(log);
  const inject::FaultRun& second = report.faults.back();
  CHECK(second.id == "1+1");
  CHECK(report.sites.at(second.site - 1).call == "mmap");
  CHECK(report.sites.at(second.site - 1).after == 1);
  CHECK(second.verdict == inject::Verdict::crashed);
  CHECK(run({HEDDLE_INJECT_PROGRAM, "replay", log, "1+1"}).status == 0);
}

}  // namespace
}  // namespace heddle::tests
