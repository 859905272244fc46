// The suite calls out a mutant of the reference, by the clause and for the reason that its patch
// names, and holds nothing against the unmutated copy that was built and is run in the same way.
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/program_run.hpp"

using Catch::Matchers::ContainsSubstring;
using heddle::tests::run_program;

namespace {

// The lines "Name: text" before the patch itself.
std::map<std::string, std::string> expectations_of(const std::string& mutant) {
  std::ifstream patch(std::string(HEDDLE_MUTANT_PATCHES "/") + mutant + ".patch");
  std::map<std::string, std::string> expectations;
  for (std::string line; std::getline(patch, line) && line.rfind("---", 0) != 0;) {
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) {
      expectations.emplace(line.substr(0, colon), line.substr(colon + 2));
    }
  }
  return expectations;
}

// Returns the record of a clause, watched by the checker `check`, or by none if it is empty. The
// deadline of a case is multiplied by `patience`.
nlohmann::json record_of(const std::string& subject, const std::string& clause,
                         const std::string& check, const std::string& patience = "1") {
  std::vector<std::string> command = {
      HEDDLE_CONFORM,     std::string(HEDDLE_MUTANT_SUBJECTS "/lib") + subject + ".so",
      "--clause",         clause,
      "--seed",           "1",
      "--jobs",           "1",
      "--format",         "json",
      "--timeout-factor", patience};
  if (!check.empty()) {
    command.insert(command.end(), {"--check", check});
  }
  const auto run = run_program(command);
  std::istringstream lines(run.standard_output);
  for (std::string line; std::getline(lines, line);) {
    auto record = nlohmann::json::parse(line);
    if (record.value("clause", "") == clause) {
      return record;
    }
  }
  FAIL("no record of " << clause << " for " << subject << ": " << run.standard_output
                       << run.standard_error);
  return {};
}

}  // namespace

TEST_CASE("a mutant is called out") {
  const char* const mutant = std::getenv("HEDDLE_MUTANT");
  REQUIRE(mutant != nullptr);
  auto expected = expectations_of(mutant);
  for (const char* const line : {"Clause", "Cause", "Says", "Why"}) {
    INFO("the patch lacks the line " << line);
    REQUIRE_FALSE(expected[line].empty());
  }

  const auto healthy = record_of("unmutated", expected["Clause"], expected["Check"]);
  CAPTURE(healthy.dump(2));
  REQUIRE(healthy["verdict"] == "holds");

  // What hangs does so after a short time as well.
  const std::string patience = expected["Cause"] == "hang" ? "0.1" : "1";
  const auto record = record_of(mutant, expected["Clause"], expected["Check"], patience);
  CAPTURE(record.dump(2));
  CHECK(record["verdict"] == "fails");
  CHECK(record["cause"] == expected["Cause"]);
  CHECK_THAT(record["happened"].get<std::string>(), ContainsSubstring(expected["Says"]));
  if (!expected["Check"].empty()) {
    const auto unchecked = record_of(mutant, expected["Clause"], "");
    CAPTURE(unchecked.dump(2));
    CHECK(unchecked["verdict"] == expected["Unchecked"]);
  }
}
