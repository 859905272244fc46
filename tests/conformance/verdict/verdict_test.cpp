// Each way in which a case can end becomes its verdict, and nothing else suffers.
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "catalogue/instrumentation.hpp"
#include "runner/replay_token.hpp"
#include "support/catch.hpp"
#include "support/program_run.hpp"

using Catch::Matchers::ContainsSubstring;
using heddle::tests::ProgramRun;
using heddle::tests::run_program;

namespace {

const std::string subjects = HEDDLE_TEST_SUBJECTS;

ProgramRun conform(const std::string& name, std::vector<std::string> options) {
  std::vector<std::string> arguments = {HEDDLE_CONFORM,     subjects + "/lib" + name + ".so",
                                        "--timeout-factor", "0.1",
                                        "--format",         "json"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return run_program(arguments);
}

std::string token_of(const std::string& clause) {
  return heddle::conformance::replay_token(*heddle::conformance::find_clause(clause), {});
}

nlohmann::json record_of(const ProgramRun& run, const std::string& clause) {
  std::istringstream lines(run.standard_output);
  for (std::string line; std::getline(lines, line);) {
    const auto record = nlohmann::json::parse(line);
    if (record.value("clause", "") == clause) {
      return record;
    }
  }
  FAIL("no record of " << clause << " in: " << run.standard_output << run.standard_error);
  return {};
}

void shows_cause(const std::string& name, const std::string& cause) {
  // Without smoke, which would fail for most of these: the clause is replayed alone.
  const ProgramRun healthy = conform("in_nothing", {"--clause", "SPAWN-001"});
  CHECK(record_of(healthy, "SPAWN-001")["verdict"] == "holds");
  const ProgramRun run = conform(name, {"--replay", token_of("SPAWN-001")});
  CAPTURE(run.standard_output, run.standard_error);
  const auto record = record_of(run, "SPAWN-001");
  CHECK(record["verdict"] == "fails");
  CHECK(record["cause"] == cause);
  CHECK(run.status == 1);
}

}  // namespace

TEST_CASE("a crash is a verdict") {
  shows_cause("by_crashing", "crash");
}

TEST_CASE("an abort is a verdict") {
  shows_cause("by_aborting", "abort");
}

TEST_CASE("a hang is a verdict") {
  shows_cause("by_hanging", "hang");
}

TEST_CASE("an unexpected exit is a verdict") {
  shows_cause("by_exiting", "exit");
}

TEST_CASE("a value that is dropped twice is a verdict") {
  shows_cause("by_dropping_twice", "wrong");
}

TEST_CASE("a body that never runs is a verdict") {
  shows_cause("by_never_running", "wrong");
}

TEST_CASE("a race that ThreadSanitizer reports is a verdict where it can follow the suite") {
  const ProgramRun run = conform("by_reporting_a_race", {"--replay", token_of("SPAWN-001")});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(record_of(run, "SPAWN-001")["verdict"] ==
        (heddle::conformance::thread_sanitizer_build ? "fails" : "not_judged"));
}

TEST_CASE("a race is no verdict on a subject that ThreadSanitizer is not said to follow") {
  const ProgramRun run = conform("by_reporting_a_race_untold", {"--replay", token_of("SPAWN-001")});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(record_of(run, "SPAWN-001")["verdict"] == "not_judged");
}

TEST_CASE("what two threads of a case write at one time is kept whole") {
  const ProgramRun run =
      conform("by_complaining_on_two_threads", {"--replay", token_of("SPAWN-001")});
  CAPTURE(run.standard_output, run.standard_error);
  std::istringstream lines(record_of(run, "SPAWN-001")["standard_error"].get<std::string>());
  std::string line;
  std::getline(lines, line);  // the end is kept, from somewhere in a line
  int whole = 0;
  while (std::getline(lines, line)) {
    CHECK((line == "a short line" || line == "a line that is longer"));
    ++whole;
  }
  CHECK(whole > 100);
}

TEST_CASE("the settings of a builder stand in the timeline") {
  const ProgramRun run =
      run_program({HEDDLE_CONFORM, "--replay", token_of("SPAWN-018"), "--format", "json"});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK_THAT(record_of(run, "SPAWN-018")["timeline"].dump(), ContainsSubstring(" with the name '"));
}

TEST_CASE("a subject with threads of its own is loaded for each case") {
  const ProgramRun run = conform("with_threads_of_its_own", {"--clause", "SPAWN-001"});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 0);
  CHECK_THAT(run.standard_error, ContainsSubstring("loaded anew for each case"));
}
