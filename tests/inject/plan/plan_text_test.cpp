// Plans in files: lines, comments, and where a mistake stands.
#include <plan/plan_text.hpp>

#include <fstream>

#include "support/catch.hpp"
#include "support/finished_process.hpp"

namespace heddle::inject {
namespace {

TEST_CASE("a plan file has a rule on each line, and comments") {
  const auto plan = parse_plan_text(
      "# Threads are scarce.\n"
      "pthread_create:error=EAGAIN:when=2\n"
      "\n"
      "  \t# and so is memory\n"
      "  mmap,mprotect:error=ENOMEM:thread=#0.1 \t\r\n"
      "futex.wait:spurious",
      "plan");
  REQUIRE(plan.has_value());
  REQUIRE(plan->size() == 4);
  CHECK((*plan)[0].expression == "pthread_create:error=EAGAIN:when=2");
  CHECK((*plan)[1].expression == "mmap:error=ENOMEM:thread=#0.1");
  CHECK((*plan)[2].expression == "mprotect:error=ENOMEM:thread=#0.1");
  CHECK((*plan)[3].rule.action == HEDDLE_INJECT_SPURIOUS);
}

TEST_CASE("a mistake in a plan file is told with file, line and column") {
  const auto plan =
      parse_plan_text("# first\n\n  mmap:eror=ENOMEM\nmmap:error=ENOMEM\n", "my.plan");
  REQUIRE_FALSE(plan.has_value());
  CHECK_THAT(plan.error(), Catch::Matchers::StartsWith("my.plan:3:8: "));
  CHECK_THAT(plan.error(), Catch::Matchers::EndsWith("\n  mmap:eror=ENOMEM\n       ^"));
}

TEST_CASE("an empty plan file has no rules") {
  for (const char* text : {"", "\n", "# nothing", " \n\t"}) {
    const auto plan = parse_plan_text(text, "plan");
    REQUIRE(plan.has_value());
    CHECK(plan->empty());
  }
}

TEST_CASE("what cannot be read as a plan file is refused by name") {
  CHECK_THAT(read_plan_text("/nonexistent.plan").error(),
             Catch::Matchers::ContainsSubstring("/nonexistent.plan: No such file"));
  CHECK_THAT(read_plan_text("/").error(), Catch::Matchers::ContainsSubstring("Is a directory"));
  CHECK_THAT(read_plan_text("/dev/zero").error(),
             Catch::Matchers::ContainsSubstring("larger than 1 MiB"));
}

}  // namespace
}  // namespace heddle::inject
