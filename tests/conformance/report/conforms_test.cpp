// What "conforms" is said of, and what a missing function of the table costs.
#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/program_run.hpp"

using Catch::Matchers::ContainsSubstring;
using heddle::tests::ProgramRun;
using heddle::tests::run_program;

namespace {

ProgramRun judge(const std::string& name, std::vector<std::string> options) {
  options.insert(options.begin(),
                 {HEDDLE_CONFORM, std::string(HEDDLE_TEST_SUBJECTS) + "/lib" + name + ".so"});
  return run_program(options);
}

nlohmann::json first_line(const ProgramRun& run) {
  return nlohmann::json::parse(run.standard_output.substr(0, run.standard_output.find('\n')));
}

std::uint64_t cost_of(const nlohmann::json& header, const std::string& function) {
  for (const auto& lack : header["not_offered"]) {
    if (lack["name"] == function) {
      return lack["clauses"];
    }
  }
  return 0;
}

// The clauses that came to a verdict of holds or fails.
std::vector<std::string> judged_in(const ProgramRun& run) {
  std::vector<std::string> clauses;
  std::istringstream lines(run.standard_output);
  for (std::string line; std::getline(lines, line);) {
    const auto record = nlohmann::json::parse(line);
    if (record["type"] == "record" &&
        (record["verdict"] == "holds" || record["verdict"] == "fails")) {
      clauses.push_back(record["clause"]);
    }
  }
  return clauses;
}

}  // namespace

TEST_CASE("a subject without detach is asked all that does not detach, and told what that costs") {
  const std::vector<std::string> options = {"--clause",  "spawn-00*", "--clause",
                                            "spawn-05*", "--clause",  "join-04*",
                                            "--quick",   "--format",  "json"};
  const ProgramRun whole = judge("in_nothing", options);
  const ProgramRun without = judge("without_detach", options);
  CAPTURE(whole.standard_output, without.standard_output, without.standard_error);
  const auto all = judged_in(whole);
  const auto fewer = judged_in(without);
  const std::uint64_t cost = cost_of(first_line(without), "heddle_spawning.detach");
  CHECK(cost_of(first_line(whole), "heddle_spawning.detach") == 0);
  CHECK(cost >= 2);  // SPAWN-056 at least, and SPAWN-057
  CHECK(std::find(fewer.begin(), fewer.end(), "SPAWN-001") != fewer.end());
  CHECK(std::find(fewer.begin(), fewer.end(), "JOIN-043") != fewer.end());
  CHECK(std::find(fewer.begin(), fewer.end(), "SPAWN-056") == fewer.end());
  CHECK(all.size() > fewer.size());
  CHECK(all.size() - fewer.size() <= cost);
}

TEST_CASE("a subject that is never joined is not said to conform") {
  const ProgramRun run = judge("without_join", {"--quick"});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 4);
  CHECK_THAT(run.standard_output,
             ContainsSubstring("no MUST clause of the group join could be judged"));
  CHECK_THAT(run.standard_output, ContainsSubstring("heddle_spawning.join costs "));
  CHECK_THAT(run.standard_output, !ContainsSubstring("conforms"));
}

TEST_CASE("a selection is counted, and not said to conform") {
  const ProgramRun run = judge("in_nothing", {"--clause", "SPAWN-001"});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 0);
  CHECK_THAT(run.standard_output, ContainsSubstring("clauses): 1 clause holds\n"));
  CHECK_THAT(run.standard_output, !ContainsSubstring("conforms"));
}
