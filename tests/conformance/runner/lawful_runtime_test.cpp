// A runtime that keeps the interface's promises in a way of its own is not accused. Where its way
// leaves nothing to look at, the suite says so.
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/program_run.hpp"

using heddle::tests::run_program;

namespace {

using Verdicts = std::map<std::string, std::string>;

// What the suite says of the clauses that the expectation names.
Verdicts verdicts_on(const std::string& subject, const Verdicts& expectation,
                     const std::string& timeout_factor) {
  std::vector<std::string> arguments = {
      HEDDLE_CONFORM,     std::string(HEDDLE_TEST_SUBJECTS "/lib") + subject + ".so",
      "--seed",           "1",
      "--cases",          "10",
      "--format",         "json",
      "--timeout-factor", timeout_factor};
  for (const auto& [clause, verdict] : expectation) {
    arguments.insert(arguments.end(), {"--clause", clause});
  }
  const auto run = run_program(arguments);
  CAPTURE(run.standard_output, run.standard_error);
  Verdicts verdicts;
  std::istringstream lines(run.standard_output);
  for (std::string line; std::getline(lines, line);) {
    const auto record = nlohmann::json::parse(line);
    if (record.contains("clause")) {
      verdicts.emplace(record["clause"], record["verdict"]);
    }
  }
  return verdicts;
}

void has_verdicts(const std::string& subject, const Verdicts& expectation,
                  const std::string& timeout_factor = "1") {
  CHECK(verdicts_on(subject, expectation, timeout_factor) == expectation);
}

}  // namespace

TEST_CASE("a refusal need not come with an errno") {
  has_verdicts("without_errno", {{"SPAWN-006", "holds"},
                                 {"SPAWN-007", "holds"},
                                 {"SPAWN-304", "holds"},
                                 {"SPAWN-324", "not_applicable"}});
}

TEST_CASE("a cache that fills up is no memory left behind") {
  has_verdicts("fills_a_cache", {{"SPAWN-333", "holds"}, {"SPAWN-335", "holds"}});
}

TEST_CASE("a thread that blocks all signals is not stepped, and not said to crash") {
  has_verdicts("blocks_signals_in_threads", {{"PARK-340", "holds"}, {"PARK-342", "not_judged"}});
}

TEST_CASE("a park that blocks all signals meanwhile is stepped up to there") {
  has_verdicts("blocks_signals_in_park", {{"PARK-340", "holds"}, {"PARK-342", "holds"}});
}

TEST_CASE("a runtime whose threads spin instead of sleeping is not said to hang") {
  has_verdicts("waits_by_spinning", {{"JOIN-360", "holds"},
                                     {"PARK-321", "not_judged"},
                                     {"PARK-340", "holds"},
                                     {"PARK-342", "holds"}});
}

TEST_CASE("a runtime that asks the system again has refused nothing") {
  has_verdicts(
      "tries_again",
      {{"SPAWN-006", "not_judged"}, {"SPAWN-007", "not_judged"}, {"SPAWN-304", "not_judged"}});
}

TEST_CASE("a runtime that runs a refused body itself has refused nothing") {
  has_verdicts(
      "runs_inline",
      {{"SPAWN-006", "not_judged"}, {"SPAWN-007", "not_judged"}, {"SPAWN-304", "not_judged"}});
}

TEST_CASE("a handle of a thread that was refused is no way round the refusal") {
  has_verdicts("pretends_to_start", {{"SPAWN-006", "fails"}, {"SPAWN-007", "fails"}},
               "0.1");  // each hangs
}

TEST_CASE("a kernel thread that outlives its body is waited for in vain, but not for ever") {
  has_verdicts("keeps_threads", {{"JOIN-043", "holds"},
                                 {"JOIN-307", "holds"},
                                 {"SPAWN-004", "holds"},
                                 {"SPAWN-314", "not_judged"}});
}

TEST_CASE("a runtime that keeps the kernel's threads says so") {
  has_verdicts("keeps_threads_and_says_so", {{"JOIN-043", "holds"},
                                             {"JOIN-307", "holds"},
                                             {"SPAWN-006", "not_applicable"},
                                             {"SPAWN-314", "not_applicable"}});
}

TEST_CASE("an id may be given again when its thread is gone") {
  has_verdicts("reuses_ids", {{"SPAWN-071", "holds"}, {"SPAWN-068", "not_applicable"}});
}
