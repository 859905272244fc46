// Asking a clause, replaying a case and replaying it directly come to one verdict and one exit
// code, for each kind of clause and of subject.
#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/program_run.hpp"

using heddle::tests::ProgramRun;
using heddle::tests::run_program;

namespace {

std::string plugin(const std::string& name) {
  return std::string(HEDDLE_TEST_SUBJECTS) + "/lib" + name + ".so";
}

// The default subject.
const std::vector<std::string> reference = {HEDDLE_CONFORM};

std::vector<std::string> subject(const std::string& name) {
  return {HEDDLE_CONFORM, plugin(name)};
}

ProgramRun conform(std::vector<std::string> command, const std::vector<std::string>& options) {
  command.insert(command.end(), options.begin(), options.end());
  return run_program(command);
}

nlohmann::json record_in(const ProgramRun& run) {
  std::istringstream lines(run.standard_output);
  for (std::string line; std::getline(lines, line);) {
    const auto record = nlohmann::json::parse(line);
    if (record["type"] == "record") {
      return record;
    }
  }
  FAIL("no record in: " << run.standard_output << run.standard_error);
  return {};
}

// What a direct run says on its last lines, in the words of the JSON report.
std::string verdict_said_by(const ProgramRun& run) {
  for (const std::string verdict : {"not applicable", "not judged", "internal error", "deviates",
                                    "untested", "holds", "fails"}) {
    std::istringstream lines(run.standard_output);
    for (std::string line; std::getline(lines, line);) {
      if (line == verdict || line.starts_with(verdict + ":")) {
        std::string name = verdict;
        std::replace(name.begin(), name.end(), ' ', '_');
        return name;
      }
    }
  }
  FAIL("no verdict in: " << run.standard_output << run.standard_error);
  return {};
}

void replays_to(const std::vector<std::string>& command, const std::string& token,
                const std::string& verdict, int status) {
  const ProgramRun replayed = conform(command, {"--replay", token, "--format", "json"});
  CAPTURE(token, replayed.standard_output, replayed.standard_error);
  CHECK(record_in(replayed)["verdict"] == verdict);
  CHECK(replayed.status == status);
  const ProgramRun direct = conform(command, {"--replay", token, "--direct"});
  CAPTURE(direct.standard_output, direct.standard_error);
  CHECK(verdict_said_by(direct) == verdict);
  CHECK(direct.status == status);
}

nlohmann::json asked(const std::vector<std::string>& command, const std::string& clause,
                     const std::string& verdict, int status) {
  const ProgramRun run = conform(command, {"--clause", clause, "--format", "json"});
  CAPTURE(clause, run.standard_output, run.standard_error);
  auto record = record_in(run);
  CHECK(record["verdict"] == verdict);
  CHECK(run.status == status);
  return record;
}

void three_ways(const std::vector<std::string>& command, const std::string& clause,
                const std::string& verdict, int status) {
  asked(command, clause, verdict, status);
  replays_to(command, clause, verdict, status);
}

}  // namespace

TEST_CASE("an example has one verdict, whichever way it is asked") {
  three_ways(subject("in_nothing"), "SPAWN-001", "holds", 0);
  three_ways(subject("by_dropping_twice"), "SPAWN-001", "fails", 1);
  three_ways(subject("by_crashing"), "SPAWN-001", "fails", 1);
  three_ways(subject("by_exiting"), "SPAWN-001", "fails", 1);
}

TEST_CASE("a property has one verdict, whichever way it is asked") {
  const auto failed = asked(subject("by_dropping_twice"), "JOIN-307", "fails", 1);
  const auto command = failed["replay"].get<std::string>();
  const std::string token = command.substr(command.rfind(' ') + 1);
  replays_to(subject("by_dropping_twice"), token, "fails", 1);
  replays_to(subject("in_nothing"), token, "holds", 0);
}

TEST_CASE("a clause with a fault has one verdict, whichever way it is asked") {
  three_ways(reference, "SPAWN-007", "holds", 0);
  three_ways(subject("by_running_inline"), "SPAWN-007", "not_judged", 4);
}

TEST_CASE("a clause about a death has one verdict, whichever way it is asked") {
  asked(subject("by_saying_why_it_dies"), "JOIN-049", "holds", 3);  // its smoke checks fail
  replays_to(subject("by_saying_why_it_dies"), "JOIN-049", "holds", 0);
  three_ways(subject("of_a_profile"), "JOIN-049", "fails", 1);
  three_ways(subject("as_declared"), "JOIN-049", "deviates", 0);
  three_ways(reference, "STACK-206", "holds", 0);
}

TEST_CASE("a clause about the end of main has one verdict, whichever way it is asked") {
  three_ways(reference, "SPAWN-013", "holds", 0);
  three_ways(subject("of_a_profile"), "SPAWN-308", "holds", 0);
  three_ways(subject("by_ending_with_3"), "SPAWN-308", "fails", 1);
}

TEST_CASE("a clause that does not apply is not run, whichever way it is asked") {
  three_ways(subject("in_nothing"), "PARK-094", "not_applicable", 4);
  asked(subject("by_crashing"), "PARK-094", "not_applicable", 3);  // its smoke checks fail
  replays_to(subject("by_crashing"), "PARK-094", "not_applicable", 4);
  three_ways(reference, "JOIN-049", "not_applicable", 4);
}

TEST_CASE("a clause without a check is untested, whichever way it is asked") {
  three_ways(subject("in_nothing"), "JOIN-064", "untested", 4);
}

TEST_CASE("a program is executed again with the injector once, and no second time") {
  // As if it had been, and the loader had not taken the injector in.
  ::setenv("HEDDLE_CONFORM_EXECUTED_AGAIN", "1", 1);
  const ProgramRun run = conform(reference, {"--replay", "SPAWN-007", "--direct"});
  ::unsetenv("HEDDLE_CONFORM_EXECUTED_AGAIN");
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 6);
  CHECK(std::count(run.standard_error.begin(), run.standard_error.end(), '\n') == 1);
}
