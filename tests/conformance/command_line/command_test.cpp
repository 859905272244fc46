// The command line's promises that need a run: mistakes cost one line, and nothing is lost.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "support/catch.hpp"
#include "support/program_run.hpp"

using Catch::Matchers::ContainsSubstring;
using heddle::tests::ProgramRun;
using heddle::tests::run_program;

namespace {

const std::string subject = HEDDLE_TEST_SUBJECTS "/libin_nothing.so";

void is_a_mistake(const std::vector<std::string>& options, const std::string& cause) {
  std::vector<std::string> arguments = {HEDDLE_CONFORM, subject};
  arguments.insert(arguments.end(), options.begin(), options.end());
  const ProgramRun run = run_program(arguments);
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 2);
  CHECK_THAT(run.standard_error, ContainsSubstring(cause));
  CHECK(std::count(run.standard_error.begin(), run.standard_error.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("an unknown clause is a mistake") {
  is_a_mistake({"--clause", "SPAWN-999"}, "no clause matches SPAWN-999");
}

TEST_CASE("an unknown clause to explain is a mistake") {
  is_a_mistake({"--explain", "SPAWN-999"}, "there is no clause SPAWN-999");
}

TEST_CASE("a replay token that was cut is a mistake") {
  is_a_mistake({"--replay", "SPAWN-001::0123"}, "damaged");
}

TEST_CASE("a replay token of an unknown clause is a mistake") {
  is_a_mistake({"--replay", "SPAWN-999::01234567"}, "there is no clause SPAWN-999");
}

TEST_CASE("a replay token that is no token is a mistake") {
  is_a_mistake({"--replay", "nonsense"}, "CLAUSE:PROGRAM:CHECK");
}

TEST_CASE("a report that cannot be written is a mistake before anything is run") {
  is_a_mistake({"--format", "json:/nowhere/report.json"}, "/nowhere/report.json");
}

TEST_CASE("a full disk is told, with the verdict still on the terminal") {
  const ProgramRun run = run_program({HEDDLE_CONFORM, subject, "--clause", "SPAWN-001", "--format",
                                      "terminal", "--format", "json:/dev/full"});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 6);
  CHECK_THAT(run.standard_error, ContainsSubstring("/dev/full"));
  CHECK_THAT(run.standard_output, ContainsSubstring("pthreads"));
}

TEST_CASE("what cannot be printed fails, with the exit code of an internal error") {
  for (const std::string option :
       {"--help", "--version", "--list", "--explain SPAWN-001", "--describe", "--smoke",
        "--replay SPAWN-001 --debugger", "--replay SPAWN-001 --direct"}) {
    const ProgramRun run = run_program(
        {"/bin/sh", "-c", "exec \"$0\" \"$1\" " + option + " >/dev/full", HEDDLE_CONFORM, subject});
    CAPTURE(option, run.standard_error);
    CHECK(run.status == 6);
    CHECK_THAT(run.standard_error, ContainsSubstring("cannot write to standard output"));
  }
}

TEST_CASE("with standard error full the exit code tells") {
  const auto status_of = [](const std::string& options) {
    return run_program({"/bin/sh", "-c", "exec \"$0\" " + options + " 2>/dev/full", HEDDLE_CONFORM})
        .status;
  };
  CHECK(status_of("--clause SPAWN-999") == 2);
  CHECK(status_of("--nonsense") == 2);
  CHECK(status_of("/nowhere/libmine.so") == 3);
  CHECK(status_of("--replay nonsense") == 2);
}

TEST_CASE("the list names each clause once") {
  const ProgramRun run = run_program({HEDDLE_CONFORM, "--list"});
  CHECK(run.status == 0);
  CHECK_THAT(run.standard_output, ContainsSubstring("SPAWN-001"));
  CHECK_THAT(run.standard_output, ContainsSubstring("SCOPE-"));
}

TEST_CASE("the list is there for programs, too") {
  const ProgramRun run =
      run_program({HEDDLE_CONFORM, "--list", "--format", "json", "--clause", "spawn-007"});
  CAPTURE(run.standard_error);
  CHECK(run.status == 0);
  const auto clause = nlohmann::json::parse(run.standard_output);
  CHECK(clause.at("clause") == "SPAWN-007");
  CHECK_THAT(clause.at("faults").get<std::string>(), ContainsSubstring("pthread_create:error="));
  CHECK(clause.at("death").is_null());
}

TEST_CASE("a clause explains itself") {
  const ProgramRun run = run_program({HEDDLE_CONFORM, "--explain", "spawn-007"});
  CHECK(run.status == 0);
  CHECK_THAT(run.standard_output, ContainsSubstring("pthread_create:error="));
}

TEST_CASE("smoke tells that an adapter works") {
  const ProgramRun run = run_program({HEDDLE_CONFORM, subject, "--smoke"});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 0);
  CHECK_THAT(run.standard_output, ContainsSubstring("works"));
}
