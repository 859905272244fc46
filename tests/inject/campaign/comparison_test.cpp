// Two campaigns are compared by what survives a new build.
#include "campaign/comparison.hpp"

#include <cstdint>

#include "campaign.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using namespace heddle::inject;

CampaignReport campaign(const std::string& folder, std::uint64_t offset, Verdict verdict) {
  CampaignReport report;
  report.modules = {{folder + "/program", "id" + folder}};
  report.sites = {{1,
                   "mmap",
                   std::to_string(offset),
                   "0",
                   "",
                   "program",
                   false,
                   1,
                   0,
                   {},
                   0,
                   {{0, offset, "load", "", 0}}}};
  FaultRun fault;
  fault.id = "1";
  fault.site = 1;
  fault.occurrence = 1;
  fault.error = "ENOMEM";
  fault.verdict = verdict;
  report.faults = {fault};
  return report;
}

TEST_CASE("a site that has moved in a new build is the same site") {
  CHECK(compare(campaign("/old", 16, Verdict::survived), campaign("/new", 48, Verdict::survived))
            .empty());
}

TEST_CASE("a verdict that has changed is a change") {
  const CampaignReport before = campaign("/old", 16, Verdict::survived);
  const CampaignReport after = campaign("/new", 48, Verdict::crashed);
  const std::vector<Change> changes = compare(before, after);
  REQUIRE(changes.size() == 1);
  CHECK(changes.front().before == &before.faults.front());
  CHECK(changes.front().after == &after.faults.front());
}

TEST_CASE("a finding that only one campaign has is a change") {
  const CampaignReport before = campaign("/old", 16, Verdict::crashed);
  CampaignReport after = campaign("/new", 16, Verdict::crashed);
  after.sites.front().frames.front().function = "save";
  const std::vector<Change> changes = compare(before, after);
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].before == nullptr);
  CHECK(changes[1].after == nullptr);
}

TEST_CASE("what chance decides is no change") {
  const auto chance = GENERATE(Verdict::unstable, Verdict::not_reached, Verdict::not_judged);
  const CampaignReport crashed = campaign("/old", 16, Verdict::crashed);
  const CampaignReport other = campaign("/new", 16, chance);
  CHECK(compare(crashed, other).empty());
  CHECK(compare(other, crashed).empty());
}

TEST_CASE("two verdicts that are both acceptable are no change") {
  CHECK(compare(campaign("/old", 16, Verdict::survived), campaign("/new", 16, Verdict::reported))
            .empty());
}

TEST_CASE("a finding at a call that not every fault-free run makes is no change") {
  CampaignReport before = campaign("/old", 16, Verdict::crashed);
  CampaignReport after = campaign("/new", 16, Verdict::crashed);
  after.sites.front().frames.front().function = "save";
  for (CampaignReport* const report : {&before, &after}) {
    report->sites.front().by_chance = 1;
  }
  CHECK(compare(before, after).empty());
}

TEST_CASE("two verdicts between which another fault of the place wavers are no change") {
  CampaignReport before = campaign("/old", 16, Verdict::crashed);
  const CampaignReport after = campaign("/new", 48, Verdict::survived);
  FaultRun wavering = before.faults.front();
  wavering.error = "EAGAIN";
  wavering.verdict = Verdict::unstable;
  wavering.outcomes = {Verdict::crashed, Verdict::survived};
  before.faults.push_back(wavering);
  CHECK(compare(before, after).empty());
  CHECK(compare(after, before).empty());
  before.faults.back().outcomes = {Verdict::crashed, Verdict::hung};
  CHECK(compare(before, after).size() == 1);
}

TEST_CASE("diff says in words that there is no change") {
  const TestFolder folder;
  explore(folder.file("log"), {"--calls", "pthread_create"}, {ONE_BUG, "crashes"});
  CHECK(run({HEDDLE_INJECT_PROGRAM, "diff", folder.file("log"), folder.file("log")}).output ==
        "no change\n");
}

TEST_CASE("diff ends with 1 when there is a new finding, and only then") {
  const TestFolder folder;
  explore(folder.file("good"), {"--calls", "pthread_create"}, {ONE_BUG, "reports"});
  explore(folder.file("bad"), {"--calls", "pthread_create"}, {ONE_BUG, "crashes"});
  const auto diff = [&](const char* before, const char* after) {
    return run({HEDDLE_INJECT_PROGRAM, "diff", folder.file(before), folder.file(after)}).status;
  };
  CHECK(diff("good", "bad") == 1);
  CHECK(diff("bad", "good") == 0);
  CHECK(diff("bad", "bad") == 0);
  CHECK(diff("bad", "missing") == 2);
}

}  // namespace
}  // namespace heddle::tests
