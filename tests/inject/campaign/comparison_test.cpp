// Two campaigns are compared by what survives a new build.
#include "campaign/comparison.h"

#include <catch2/catch.hpp>

#include "campaign.h"

namespace heddle::tests {
namespace {

using namespace heddle::inject;

CampaignReport campaign(const std::string& folder, uint64_t offset, Verdict verdict) {
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
  CHECK(compare(campaign("/old", 16, Verdict::kSurvived), campaign("/new", 48, Verdict::kSurvived))
            .empty());
}

TEST_CASE("a verdict that has changed is a change") {
  const CampaignReport before = campaign("/old", 16, Verdict::kSurvived);
  const CampaignReport after = campaign("/new", 48, Verdict::kCrashed);
  const std::vector<Change> changes = compare(before, after);
  REQUIRE(changes.size() == 1);
  CHECK(changes.front().before == &before.faults.front());
  CHECK(changes.front().after == &after.faults.front());
}

TEST_CASE("what only one campaign has is a change") {
  const CampaignReport before = campaign("/old", 16, Verdict::kSurvived);
  CampaignReport after = campaign("/new", 16, Verdict::kSurvived);
  after.sites.front().frames.front().function = "save";
  const std::vector<Change> changes = compare(before, after);
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].before == nullptr);
  CHECK(changes[1].after == nullptr);
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
