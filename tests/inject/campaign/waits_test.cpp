// What is said of a program that waits when it is refused a thread, by what it waits for.

#include "campaign.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

/// One fault, once: the program makes one such call.
BugCampaign explore_wait(const std::string& way) {
  const TestFolder folder;
  const std::filesystem::path log = folder.file("log");
  FinishedProcess process =
      explore(log, {"--errors", "likely", "--timeout", "100ms"}, {WAITS, way});
  return {std::move(process), read(log)};
}

struct Expectation {
  std::string way;
  std::string verdict;
  std::string evidence;  // its beginning
};

TEST_CASE("a wait is judged by who could end it") {
  const auto expected = GENERATE(values<Expectation>({
      {"locks-twice", "hung", "all threads are blocked: main in futex"},
      {"joins", "hung", "all threads are blocked: main in futex; "},
      {"waits-for-child", "hung", "all threads are blocked: main in wait4; "},
      {"polls-own-pipe", "hung", "all threads are blocked: main in poll"},
      {"pauses", "hung", "it waits without a time limit: main in pause"},
      {"receives", "hung", "it waits without a time limit: main in recvfrom"},
      {"sleeps", "still waiting",
       "still waiting, with a time limit: main in clock_nanosleep, for 4000.0 s at most"},
      {"sleeps-until", "still waiting", "still waiting, with a time limit: main in "},
      {"waits-for-semaphore-in-time", "still waiting",
       "still waiting, with a time limit: main in futex, "},
      {"pauses-until-alarm", "still waiting",
       "still waiting, with a time limit: main in pause, perhaps with a time limit"},
      {"retries-for-ever", "still waiting",
       "still waiting, with a time limit: main in clock_nanosleep, for 0.1 s at most"},
      {"backs-off", "reported", "exit status 1 instead of exit status 0"},
  }));
  CAPTURE(expected.way);
  const BugCampaign campaign = explore_wait(expected.way);
  INFO(campaign.process.output << campaign.process.errors);
  REQUIRE_FALSE(campaign.report.faults.empty());
  const inject::FaultRun& fault = campaign.report.faults.front();
  CHECK(inject::verdict_name(fault.verdict) == expected.verdict);
  CHECK_THAT(fault.evidence, Catch::Matchers::StartsWith(expected.evidence));
}

TEST_CASE("who is content with waits accepts them by name") {
  const TestFolder folder;
  const FinishedProcess process = explore(
      folder.file("log"),
      {"--errors", "likely", "--timeout", "100ms", "--accept", "survived,reported,still waiting"},
      {WAITS, "sleeps"});
  INFO(process.output << process.errors);
  CHECK(process.status == 0);
  CHECK_THAT(process.output, Catch::Matchers::ContainsSubstring("still waiting"));
}

}  // namespace
}  // namespace heddle::tests
