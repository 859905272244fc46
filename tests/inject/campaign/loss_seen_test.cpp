// What a program or a server loses, and hides: on programs of one_loss.cpp, one for each way to
// hide it, and beside them the ones that do say it.

#include "campaign.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;

/// A campaign over one of the programs. Each of its runs has an empty folder of its own.
struct LossCampaign {
  FinishedProcess process;
  inject::FaultRun first;  // EAGAIN, or of mmap ENOMEM, once, on the first call
  inject::CampaignReport report;
};

LossCampaign explore_loss(const std::string& program, std::vector<std::string> options = {}) {
  const TestFolder folder;
  fs::create_directory(folder.file("work"));
  const std::vector<std::string> always{"--errors", "likely", "--workdir-copy",
                                        folder.file("work")};
  options.insert(options.end(), always.begin(), always.end());
  LossCampaign campaign;
  campaign.process = explore(folder.file("log"), options, {ONE_LOSS, program});
  campaign.report = read(folder.file("log"));
  campaign.first = campaign.report.faults.at(0);
  return campaign;
}

struct Expectation {
  std::string program, verdict, evidence;
};

TEST_CASE("what a program has lost is told from what it says") {
  const auto expected = GENERATE(values<Expectation>({
      {"stamps-errors", "silently degraded", "and said nothing: 0 of the usual 1 calls"},
      {"stamps-output", "silently degraded", "and said nothing: 0 of the usual 1 calls"},
      {"counts-on-errors", "reported", "something new on standard error"},
      {"says-less", "silently degraded", "and said nothing: 0 of the usual 1 calls"},
      {"mentions-on-output", "reported", "standard output as usual but for new lines"},
      {"counts-on-output", "reported", "standard output says how many there are"},
      {"miscounts", "wrong output", "has 'sum 10' instead of 'sum 20' in line 1"},
  }));
  CAPTURE(expected.program);
  const LossCampaign campaign = explore_loss(expected.program, {"--calls", "pthread_create"});
  INFO(campaign.process.output << campaign.process.errors);
  CHECK(inject::verdict_name(campaign.first.verdict) == expected.verdict);
  CHECK_THAT(campaign.first.evidence, ContainsSubstring(expected.evidence));
}

TEST_CASE("a program is quoted with a line that has letters") {
  const LossCampaign campaign = explore_loss("underlines", {"--calls", "pthread_create"});
  CHECK(campaign.first.verdict == inject::Verdict::reported);
  CHECK(campaign.first.message == "no thread");
}

TEST_CASE("a descriptor that a fallback keeps is no leak, and one for each fault is") {
  const auto [program, verdict] = GENERATE(table<std::string, inject::Verdict>({
      {"keeps-descriptor-of-fallback", inject::Verdict::reported},
      {"loses-descriptors", inject::Verdict::leaked},
  }));
  const LossCampaign campaign = explore_loss(program, {"--calls", "pthread_create"});
  INFO(campaign.process.output << campaign.process.errors);
  CHECK(campaign.report.faults.size() == 9);  // also on the last call, which has no later one
  for (const inject::FaultRun& fault : campaign.report.faults) {
    CAPTURE(fault.id, fault.evidence);
    CHECK(fault.verdict == verdict);
  }
}

TEST_CASE("files that are left in the working folder are compared and named") {
  const LossCampaign shortened = explore_loss("shortens-file", {"--calls", "mmap"});
  INFO(shortened.process.output << shortened.process.errors);
  CHECK(shortened.first.verdict == inject::Verdict::wrong_output);
  CHECK(shortened.first.evidence ==
        "result.txt lacks 'part 1' in line 1, has 14 bytes instead of 21");
  const LossCampaign logged = explore_loss("logs-to-file", {"--calls", "pthread_create"});
  CHECK(logged.first.verdict == inject::Verdict::reported);
  CHECK(logged.first.message == "cannot create a thread");
}

TEST_CASE("a child that crashed counts, even when its parent hides it") {
  const auto expected = GENERATE(values<Expectation>({
      {"child-crashes", "crashed", "a child, #0.f1: signal 11 (SIGSEGV)"},
      {"child-crashes-wait", "crashed", "a child, #0.f1: signal 11 (SIGSEGV)"},
      {"child-crashes-wait4", "crashed", "a child, #0.f1: signal 11 (SIGSEGV)"},
      {"child-crashes-waitid", "crashed", "a child, #0.f1: signal 11 (SIGSEGV)"},
      {"child-crashes-unreaped", "crashed", "a child, #0.f1: signal 11 (SIGSEGV)"},
      {"child-aborts", "aborted", "a child, #0.f1: signal 6 (SIGABRT)"},
      {"child-is-killed", "survived", ""},
      {"child-always-crashes", "silently degraded", "and said nothing"},
  }));
  CAPTURE(expected.program);
  const LossCampaign campaign = explore_loss(expected.program, {"--calls", "pthread_create"});
  INFO(campaign.process.output << campaign.process.errors);
  CHECK(inject::verdict_name(campaign.first.verdict) == expected.verdict);
  CHECK_THAT(campaign.first.evidence, ContainsSubstring(expected.evidence));
}

TEST_CASE("a child of a shell that system() starts is seen to crash") {
  const TestFolder folder;
  const FinishedProcess process =
      run({HEDDLE_INJECT_PROGRAM, "explore", "--log", folder.file("log"), "--errors", "likely",
           "--calls", "pthread_create", "--", ONE_LOSS, "system-crashes"},
          {{"ONE_LOSS", ONE_LOSS}});
  INFO(process.output << process.errors);
  CHECK_THAT(process.output,
             ContainsSubstring("signal 11 (SIGSEGV)") && ContainsSubstring("1 crashed"));
}

TEST_CASE("a server is judged by whether it serves, whatever its client is like") {
  const auto client = GENERATE("client", "impatient-client");
  const auto expected = GENERATE(values<Expectation>({
      {"mute-server", "out of service", "when run again after the fault was lifted"},
      {"complaining-server", "out of service", "when run again after the fault was lifted"},
      {"ending-server", "reported", "exit status 1 instead of exit status 0"},
      {"single-server", "out of service", "and the server said nothing"},
  }));
  CAPTURE(expected.program, client);
  const LossCampaign campaign =
      explore_loss(expected.program, {"--calls", "pthread_create", "--ready", "^ready$", "--then",
                                      std::string(ONE_LOSS) + " " + client, "--timeout", "3s"});
  INFO(campaign.process.output << campaign.process.errors);
  CHECK(campaign.report.recording.status == "exit status 0");
  CHECK(inject::verdict_name(campaign.first.verdict) == expected.verdict);
  CHECK_THAT(campaign.first.evidence, ContainsSubstring(expected.evidence));
}

TEST_CASE("a client that forgives does not hide a server that is out of service") {
  const LossCampaign campaign = explore_loss(
      "complaining-server", {"--calls", "pthread_create", "--ready", "^ready$", "--then",
                             std::string(ONE_LOSS) + " impatient-client; true"});
  INFO(campaign.process.output << campaign.process.errors);
  CHECK(campaign.first.verdict == inject::Verdict::out_of_service);
  CHECK(campaign.first.message == "cannot create a thread");
}

TEST_CASE("a client that fails once is no report of the server's") {
  const auto [program, verdict] = GENERATE(table<std::string, inject::Verdict>({
      {"dropping-server", inject::Verdict::wrong_output},
      {"dropping-server-speaks", inject::Verdict::reported},
  }));
  const LossCampaign campaign =
      explore_loss(program, {"--calls", "pthread_create", "--ready", "^ready$", "--then",
                             std::string(ONE_LOSS) + " client"});
  INFO(campaign.process.output << campaign.process.errors);
  // The thread that answers; the other site is the thread that accepts.
  const auto& fault = campaign.report.faults.at(3);
  REQUIRE(campaign.report.sites.at(fault.site - 1).thread_path == "0.1");
  CHECK(fault.verdict == verdict);
  CHECK_THAT(fault.evidence,
             ContainsSubstring("the client: exit status 1 instead of exit status 0"));
}

}  // namespace
}  // namespace heddle::tests
