// A smoke check that fails is said, and costs no clause its verdict: a broken runtime is not told
// apart from a broken adapter here.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/json_lines.hpp"
#include "support/program_run.hpp"

using Catch::Matchers::ContainsSubstring;
using heddle::tests::json_lines_of;
using heddle::tests::ProgramRun;
using heddle::tests::run_program;

namespace {

ProgramRun conform(const std::string& name, std::vector<std::string> options) {
  options.insert(options.begin(),
                 {HEDDLE_CONFORM, std::string(HEDDLE_TEST_SUBJECTS) + "/lib" + name + ".so"});
  return run_program(options);
}

}  // namespace

TEST_CASE("a join that hangs fails smoke, and meets the clause that says so") {
  const ProgramRun run = conform(
      "by_hanging", {"--timeout-factor", "0.1", "--clause", "JOIN-043", "--format", "json"});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 1);
  CHECK_THAT(run.standard_error, ContainsSubstring("the adapter or the runtime of"));
  CHECK(std::count(run.standard_error.begin(), run.standard_error.end(), '\n') == 1);
  const auto lines = json_lines_of(run.standard_output);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0]["smoke_failures"].size() == 1);
  CHECK(lines[1]["clause"] == "JOIN-043");
  CHECK(lines[1]["verdict"] == "fails");
  CHECK(lines[1]["cause"] == "hang");
}

TEST_CASE("where smoke fails and no clause does, nothing is said to conform") {
  const ProgramRun run = conform("by_never_running", {"--clause", "SPAWN-056"});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK_THAT(run.standard_error, ContainsSubstring("SMOKE-001"));
  CHECK((run.status == 1 || run.status == 3));
  CHECK_THAT(run.standard_output, !ContainsSubstring("conforms"));
}

TEST_CASE("a smoke check that fails once decides nothing") {
  const ProgramRun run = conform("by_crashing_once", {"--clause", "SPAWN-056"});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 0);  // a clause that does not join
  const ProgramRun smoke = conform("by_crashing_once", {"--smoke"});
  CAPTURE(smoke.standard_output, smoke.standard_error);
  CHECK_THAT(smoke.standard_output, ContainsSubstring("SMOKE-001: failed once, and not again"));
}

TEST_CASE("smoke is over soon with a spawn that spins") {
  const ProgramRun run = conform("by_spinning", {"--timeout-factor", "0.1", "--smoke"});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 3);
  CHECK_THAT(run.standard_error, ContainsSubstring("SMOKE-001 fails"));
  // One hang was waited for, and no second.
  CHECK(std::count(run.standard_error.begin(), run.standard_error.end(), '\n') == 1);
}

TEST_CASE("smoke says what it could not check") {
  const ProgramRun run = conform("in_nothing", {"--smoke"});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 0);
  CHECK_THAT(run.standard_output, ContainsSubstring("1 of 5 smoke checks hold"));
  CHECK_THAT(run.standard_output,
             ContainsSubstring("not checked: SMOKE-003: the subject does not offer: panics"));
}

TEST_CASE("smoke of a subject that offers nothing has checked nothing") {
  const ProgramRun run = conform("without_join", {"--smoke"});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 4);
  CHECK_THAT(run.standard_output, ContainsSubstring("could be checked"));
}
