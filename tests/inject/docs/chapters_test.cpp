// What the chapters of inject/docs say of plans and calls, held against the driver.
#include <plan/injectable_calls.hpp>
#include <plan/plan_text.hpp>
#include <plan/rule_keys.hpp>

#include <fstream>
#include <sstream>

#include "support/catch.hpp"
#include "support/finished_process.hpp"

namespace heddle::tests {
namespace {

std::string chapter(const std::string& name) {
  std::ifstream file(INJECT_DOCS "/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  REQUIRE_FALSE(text.str().empty());
  return text.str();
}

/// The blocks that begin with ```plan, one after the other.
std::string plans_of_chapter() {
  std::istringstream lines(chapter("plans.md"));
  std::string plans;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      inside = line == "```plan";
    } else if (inside) {
      plans += line + '\n';
    }
  }
  return plans;
}

TEST_CASE("the chapter's plans are ones, and show each key and comparison") {
  const std::string text = plans_of_chapter();
  const auto plan = inject::parse_plan_text(text, "plans.md");
  INFO((plan ? "" : plan.error()));
  REQUIRE(plan.has_value());
  CHECK(plan->size() > 20);
  std::string expressions;
  for (const inject::PlannedRule& planned : *plan) {
    expressions += planned.expression + '\n';
  }
  for (const inject::RuleKey& key : inject::rule_keys()) {
    CHECK_THAT(expressions, Catch::Matchers::ContainsSubstring(":" + std::string(key.name) +
                                                               (key.has_value ? "=" : "")));
  }
  CHECK_THAT(expressions, Catch::Matchers::ContainsSubstring(":op="));
  CHECK_THAT(expressions, Catch::Matchers::ContainsSubstring(":arg2>="));
}

TEST_CASE("the chapter's table of calls is the one that the driver prints") {
  CHECK_THAT(chapter("calls.md"), Catch::Matchers::ContainsSubstring(
                                      "```\n" + inject::describe_injectable_calls() + "```\n"));
}

TEST_CASE("the chapter shows what a mistake and a strace command look like") {
  const auto shown = [](const std::vector<std::string>& arguments) {
    std::vector<std::string> command{HEDDLE_INJECT_PROGRAM, "run"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const FinishedProcess process = run(command);
    return process.output + process.errors + "```\n";
  };
  const std::string text = chapter("plans.md");
  CHECK_THAT(text,
             Catch::Matchers::ContainsSubstring("run -e mmap:eror=ENOMEM -- true\n" +
                                                shown({"-e", "mmap:eror=ENOMEM", "--", "true"})));
  CHECK_THAT(text, Catch::Matchers::ContainsSubstring(
                       "-- xz -T2 -k big\n" +
                       shown({"--as-strace", "-e", "futex.wait:error=EINTR:when=2+:times=3", "--",
                              "xz", "-T2", "-k", "big"})));
}

}  // namespace
}  // namespace heddle::tests
