// What a call must be like to get an errno: the shim's look at each call, and the driver's choice.
#include <campaign/faults.hpp>
#include <plan/errno_names.hpp>
#include <plan/injectable_calls.hpp>

#include <cstdint>
#include <cstring>
#include <string>

#include "support/catch.hpp"
#include "support/written_plan.hpp"

namespace heddle::tests {
namespace {

using inject::DocumentedErrno;
using inject::InjectableCall;

TEST_CASE("a rule for possible calls fires on those that can get its errno, and on no other") {
  std::size_t cases = 0;
  for (const InjectableCall& row : inject::injectable_calls()) {
    for (const DocumentedErrno& documented : row.errnos) {
      if (!documented.need) {
        continue;
      }
      heddle_inject_rule rule = failing_rule(row.call, documented.value);
      rule.flags = HEDDLE_INJECT_POSSIBLE;
      std::strcpy(&rule.caller[0], "inject_asks_both_ways");
      rule.last = UINT64_MAX;
      rule.step = 1;
      for (const bool with : {true, false}) {
        const WrittenPlan plan({rule}, HEDDLE_INJECT_RECORD);
        const std::string need(inject::need_name(*documented.need));
        const FinishedProcess process =
            plan.run({ASKS_BOTH_WAYS, std::string(row.name), need, with ? "with" : "without"});
        INFO(inject::errno_name(documented.value)
             << " on " << row.name << ", " << need << (with ? "" : " not met: ") << process.errors
             << process.output);
        CHECK(process.status == 0);
        CHECK(plan.reached(0) != 0);
        CHECK((plan.fired(0) != 0) == with);
        std::uint32_t recorded = 0;
        for (const heddle_inject_site& site : plan.sites(row.call)) {
          recorded |= site.needs;
        }
        if (with) {
          CHECK((recorded >> *documented.need & 1) == 1);
        }
        ++cases;
      }
    }
  }
  CHECK(cases == 2 * 38);  // an empty table would pass as well
}

TEST_CASE("a rule without the key fires on calls that cannot get its errno too") {
  heddle_inject_rule rule = failing_rule(HEDDLE_INJECT_FUTEX_WAIT, ETIMEDOUT);
  rule.first = 1;
  rule.last = 1;
  const WrittenPlan plan({rule});
  plan.run({ASKS_BOTH_WAYS, "futex.wait", "TIME_LIMIT", "without"});
  CHECK(plan.fired(0) == 1);
}

TEST_CASE("campaigns try an errno that no call of a site can get only as a hostile one") {
  inject::Site wait;
  wait.call = "futex.wait";
  inject::CampaignOptions options;
  using Errors = std::vector<std::string>;
  CHECK(inject::errors_of(wait, options) == Errors{"spurious"});
  wait.needs = {"TIME_LIMIT"};
  CHECK(inject::errors_of(wait, options) == Errors{"ETIMEDOUT", "spurious"});
  wait.needs = {"TIME_LIMIT", "HANDLER"};
  CHECK(inject::errors_of(wait, options) == Errors{"EINTR", "ETIMEDOUT", "spurious"});
  options.errors = "likely";
  CHECK(inject::errors_of(wait, options) == Errors{"EINTR", "spurious"});
  options.errors = "hostile";
  wait.needs.clear();
  CHECK(inject::errors_of(wait, options) ==
        Errors{"EINTR", "EAGAIN", "ETIMEDOUT", "EINVAL", "ENOSYS", "EFAULT", "EACCES", "spurious"});
}

TEST_CASE("faults from here on keep to the calls that can get their errno, save hostile ones") {
  inject::Site site;
  site.call = "futex.wait";
  const inject::PlannedFault fault{1, 1, "ETIMEDOUT", 1};
  inject::CampaignOptions options;
  const auto flags = [&] {
    return inject::rule_of(site, fault, inject::Shape::from_here_on, options).flags;
  };
  CHECK(flags() == (HEDDLE_INJECT_STICKY | HEDDLE_INJECT_POSSIBLE));
  options.errors = "hostile";
  CHECK(flags() == HEDDLE_INJECT_STICKY);
}

}  // namespace
}  // namespace heddle::tests
