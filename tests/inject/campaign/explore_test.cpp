// A campaign as a whole: its numbers, its order, its parts, its status.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>

#include "campaign.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

namespace fs = std::filesystem;
using inject::CampaignReport;
using inject::FaultRun;

constexpr const char* degrades[] = {ONE_BUG, "degrades"};
const std::vector<std::string> degrading{std::begin(degrades), std::end(degrades)};

/// The log without what may differ between two campaigns: times.
std::string timeless(CampaignReport report) {
  report.recording.milliseconds = 0;
  for (FaultRun& fault : report.faults) {
    fault.milliseconds = 0;
  }
  report.summary->seconds = 0;
  return inject::to_lines(report);
}

std::set<std::string> ids_of(const CampaignReport& report) {
  std::set<std::string> ids;
  for (const FaultRun& fault : report.faults) {
    CHECK(ids.insert(fault.id).second);  // none twice
  }
  return ids;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("the completeness statement has exact numbers") {
  // Two calls of pthread_create from one place, with three errnos; two of pthread_join, with three.
  const BugCampaign campaign = explore_bug("degrades", {"--errors", "hostile"});
  REQUIRE(campaign.report.summary.has_value());
  const inject::Summary& summary = *campaign.report.summary;
  CHECK(summary.sites == 2);
  CHECK(summary.faults == 2 * 2 * 3 * 3);
  CHECK(summary.fired + summary.same_as_once + summary.not_reached == summary.faults);
  CHECK(summary.not_reached == 0);
  CHECK(campaign.report.faults.size() == summary.faults);
  // The first call of each site has a later one, so its three shapes differ; the second has none.
  CHECK(summary.fired == 2 * (3 + 1) * 3);
  CHECK(campaign.report.recording.later_occurrences == 0);
  CHECK(contains(campaign.process.output, "2 sites, 36 faults, 24 fired, 0 not reached"));
}

TEST_CASE("occurrences beyond the limit are counted, not tried") {
  const BugCampaign campaign =
      explore_bug("degrades", {"--errors", "hostile", "--occurrences", "1"});
  CHECK(campaign.report.summary->faults == 2 * 1 * 3 * 3);
  CHECK(campaign.report.recording.later_occurrences == 2);
}

TEST_CASE("two campaigns over the same program write the same log, also with several jobs") {
  const TestFolder folder;
  explore(folder.file("one"), {"--errors", "hostile"}, degrading);
  explore(folder.file("two"), {"--errors", "hostile"}, degrading);
  explore(folder.file("three"), {"--errors", "hostile", "--jobs", "3"}, degrading);
  const std::string one = timeless(read(folder.file("one")));
  CHECK(one == timeless(read(folder.file("two"))));
  CHECK(one == timeless(read(folder.file("three"))));
}

TEST_CASE("shards have each fault once, and together all of them") {
  const TestFolder folder;
  explore(folder.file("all"), {"--errors", "hostile"}, degrading);
  std::set<std::string> together;
  std::size_t count = 0;
  for (const std::string shard : {"1/3", "2/3", "3/3"}) {
    const fs::path log = folder.file("shard" + shard.substr(0, 1));
    explore(log, {"--errors", "hostile", "--shard", shard}, degrading);
    const std::set<std::string> ids = ids_of(read(log));
    together.insert(ids.begin(), ids.end());
    count += ids.size();
  }
  CHECK(together == ids_of(read(folder.file("all"))));
  CHECK(count == together.size());
}

TEST_CASE("a campaign that ran out of its budget is resumed to the whole") {
  const TestFolder folder;
  const fs::path log = folder.file("log");
  const FinishedProcess partial = explore(log, {"--errors", "hostile", "--budget", "7"}, degrading);
  CHECK(contains(partial.output, "incomplete (budget)"));
  CHECK(read(log).summary->not_run > 0);
  const FinishedProcess rest = explore(log, {"--errors", "hostile", "--resume"}, degrading);
  CHECK(contains(rest.output, "2 sites, 36 faults, 24 fired, 0 not reached"));
  const CampaignReport resumed = read(log);
  explore(folder.file("whole"), {"--errors", "hostile"}, degrading);
  CHECK(ids_of(resumed) == ids_of(read(folder.file("whole"))));
  CHECK(resumed.summary->not_run == 0);
}

TEST_CASE("a log whose writer was killed in the middle of a line is resumed") {
  const TestFolder folder;
  const fs::path log = folder.file("log");
  explore(log, {"--errors", "hostile", "--budget", "7"}, degrading);
  std::ofstream(log, std::ios::app) << R"({"type":"fault","id":"10","si)";
  CHECK(explore(log, {"--errors", "hostile", "--resume"}, degrading).status == 1);
  CHECK(ids_of(read(log)).size() == 36);
}

TEST_CASE("a log is never overwritten, and only the same campaign resumes it") {
  const TestFolder folder;
  const fs::path log = folder.file("log");
  explore(log, {"--errors", "hostile", "--budget", "1"}, degrading);
  CHECK(explore(log, {"--errors", "hostile"}, degrading).status == 2);
  CHECK(explore(log, {"--errors", "hostile", "--resume", "--occurrences", "2"}, degrading).status ==
        2);
  CHECK(explore(log, {"--resume"}, {ONE_BUG, "reports"}).status == 2);
}

TEST_CASE("the exit status tells what came of the campaign") {
  const TestFolder folder;
  const auto status = [&](const std::string& name, const std::vector<std::string>& options,
                          const std::vector<std::string>& program) {
    return explore(folder.file(name), options, program).status;
  };
  CHECK(status("a", {"--calls", "pthread_create"}, {ONE_BUG, "reports"}) == 0);
  CHECK(status("b", {"--calls", "pthread_create"}, {ONE_BUG, "degrades"}) == 1);
  CHECK(status("c", {"--calls", "pthread_create", "--accept", "survived,silently degraded"},
               {ONE_BUG, "degrades"}) == 0);
  CHECK(status("d", {"--accept", "splendid"}, {ONE_BUG, "reports"}) == 2);
  CHECK(status("e", {"--no-such-option"}, {ONE_BUG, "reports"}) == 2);
  CHECK(status("f", {}, {"/nonexistent/program"}) == 2);
  CHECK(status("g", {"--calls", "thrd_create"}, {ONE_BUG, "reports"}) == 4);
  CHECK(status("h", {}, {"true"}) == 4);
  CHECK(status("i", {"--timeout", "300ms"}, {"sleep", "60"}) == 2);
}

// All runs of one fork server have one address space, and those of the next another.
TEST_CASE("output with addresses in it is compared without them") {
  const BugCampaign campaign = explore_bug("prints-address", {"--errors", "possible"});
  CHECK(campaign.report.recording.output_compared);
  CHECK(campaign.report.recording.fork_server);
  CHECK(campaign.process.status == 0);
  CHECK(explore_bug("reports", {"--errors", "likely"}).report.recording.output_compared);
}

TEST_CASE("a campaign whose worker is killed ends with 6, and its log can be gone on with") {
  const TestFolder folder;
  const fs::path log = folder.file("log");
  const FinishedProcess process = explore(log, {"--jobs", "1"}, {ONE_BUG, "kills-its-tool"});
  CHECK(process.status == 6);
  CHECK(
      process.errors ==
      "heddle-inject: a worker process has ended by itself: signal 9 (SIGKILL); what was tried is "
      "in "
      "the log, go on with --resume\n");
  CHECK(read(log).sites.size() == 2);
}

TEST_CASE("an interrupted campaign ends with 130 and has its partial summary") {
  const TestFolder folder;
  const fs::path log = folder.file("log");
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stdout) == nullptr) {
      _exit(126);
    }
    // Its first fault hangs for much longer than this test waits.
    execl(HEDDLE_INJECT_PROGRAM, "heddle-inject", "explore", "--log", log.c_str(), "--errors",
          "likely", "--timeout", "60s", "--", ONE_BUG, "hangs", nullptr);
    _exit(127);
  }
  // The sites are in the log before the first fault is tried.
  while (!contains(content_of(log), "\"type\":\"site\"")) {
    usleep(10000);  // polls, and decides nothing
  }
  kill(child, SIGINT);
  int wait_status = 0;
  waitpid(child, &wait_status, 0);
  REQUIRE(WIFEXITED(wait_status));
  CHECK(WEXITSTATUS(wait_status) == 130);
  CHECK(read(log).summary->stopped == "interrupted");
}

TEST_CASE("a hundred replays of a finding give the same fault and verdict a hundred times") {
  const auto program = GENERATE("crashes", "aborts", "leaks-descriptor", "degrades");
  const TestFolder folder;
  const fs::path log = folder.file("log");
  REQUIRE(explore(log, {"--errors", "likely"}, {ONE_BUG, program}).status == 1);
  const FinishedProcess replay =
      run({HEDDLE_INJECT_PROGRAM, "replay", log, "all", "--times", "100"});
  INFO(replay.output << replay.errors);
  CHECK(replay.status == 0);
  CHECK(contains(replay.output, "100 of 100 gave the same fault and verdict"));
}

TEST_CASE("the rules of a finding do the same in heddle-inject run") {
  const BugCampaign campaign = explore_bug("crashes", {"--errors", "likely"});
  const FaultRun& fault = campaign.report.faults.front();
  CHECK(run_with_plan(fault.rules, {ONE_BUG, "crashes"}).status == 128 + SIGSEGV);
}

TEST_CASE("shrink leaves the rules that the verdict needs") {
  const FinishedProcess process = run({HEDDLE_INJECT_PROGRAM, "shrink", "-e", "munmap:error=ENOMEM",
                                       "-e", "pthread_create:error=EAGAIN", "-e",
                                       "pthread_detach:error=EINVAL", "--", ONE_BUG, "crashes"});
  INFO(process.output << process.errors);
  CHECK(process.status == 0);
  CHECK(contains(process.output, "crashed: 1 of 3 rules are enough\n"));
  CHECK(contains(process.output, "run -e pthread_create:error=EAGAIN -- "));
}

TEST_CASE("record says how many faults a campaign would try, and explore goes on from its log") {
  const TestFolder folder;
  const fs::path log = folder.file("log");
  std::vector<std::string> command{
      HEDDLE_INJECT_PROGRAM, "record", "--errors", "hostile", "--log", log, "--"};
  command.insert(command.end(), degrading.begin(), degrading.end());
  const FinishedProcess process = run(command);
  INFO(process.output << process.errors);
  CHECK(process.status == 0);
  CHECK(contains(process.output,
                 "in all                             2         6         6        36"));
  CHECK(explore(log, {"--errors", "hostile", "--resume"}, degrading).status == 1);
  CHECK(ids_of(read(log)).size() == 36);
}

TEST_CASE("sites names each place as a rule would") {
  const FinishedProcess process = run({HEDDLE_INJECT_PROGRAM, "sites", "--", ONE_BUG, "reports"});
  CHECK(process.status == 0);
  CHECK(contains(process.output, "pthread_create stack="));
  CHECK(contains(process.output, " thread=#0 "));
}

}  // namespace
}  // namespace heddle::tests
