// The command that --debugger prints is executed, in gdb.
#include <string>

#include "catalogue/catalogue.hpp"
#include "runner/replay_token.hpp"
#include "support/catch.hpp"
#include "support/program_run.hpp"

using Catch::Matchers::ContainsSubstring;
using heddle::tests::ProgramRun;
using heddle::tests::run_program;

namespace {

// Runs the case as the printed command does, without a person at the terminal.
void holds_in_gdb(const std::string& token) {
  const ProgramRun printed = run_program({HEDDLE_CONFORM, "--replay", token, "--debugger"});
  CAPTURE(printed.standard_output, printed.standard_error);
  REQUIRE(printed.status == 0);
  const std::string gdb = "gdb ";
  REQUIRE(printed.standard_output.starts_with(gdb));
  // A thread that begins or ends while the case prints would break the case's line in two.
  const std::string command =
      gdb +
      "-nx -batch -ex 'set debuginfod enabled off' -ex 'set print thread-events off' -ex run " +
      printed.standard_output.substr(gdb.size());
  const ProgramRun debugged = run_program({"/bin/sh", "-c", command});
  CAPTURE(command, debugged.standard_output, debugged.standard_error);
  CHECK_THAT(debugged.standard_output, ContainsSubstring("\nholds\n"));
  CHECK_THAT(debugged.standard_output, ContainsSubstring("exited normally"));
}

std::string token_without_steps(const std::string& clause) {
  return heddle::conformance::replay_token(*heddle::conformance::find_clause(clause), {});
}

}  // namespace

TEST_CASE("the debugger's command runs an example") {
  holds_in_gdb("SPAWN-001");
}

TEST_CASE("the debugger's command runs a clause with a fault") {
  holds_in_gdb("SPAWN-007");
}

TEST_CASE("the debugger's command runs a property") {
  holds_in_gdb(token_without_steps("JOIN-307"));
}

TEST_CASE("a case that is debugged is this very process") {
  const ProgramRun debugged =
      run_program({"/bin/sh", "-c",
                   "gdb -nx -batch -ex 'set debuginfod enabled off' -ex run -ex bt --args "
                   "\"$0\" \"$1\" --replay SPAWN-001 --direct",
                   HEDDLE_CONFORM, HEDDLE_TEST_SUBJECTS "/libby_crashing.so"});
  CAPTURE(debugged.standard_output, debugged.standard_error);
  CHECK_THAT(debugged.standard_output, ContainsSubstring("received signal SIGSEGV"));
  CHECK_THAT(debugged.standard_output, ContainsSubstring("clauses/spawn.cpp"));
}
