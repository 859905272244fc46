// A subject may do what it likes in its own processes: it gets its verdict or its line of refusal,
// the reports are whole, other subjects are judged, and nothing of it stays behind.
#include <algorithm>
#include <csignal>

#include "catalogue/catalogue.hpp"
#include "hostile_run.hpp"
#include "runner/replay_token.hpp"
#include "support/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using namespace heddle::tests;

namespace {

const std::string good_subject = HEDDLE_TEST_SUBJECTS "/libin_nothing.so";

// Refused in one line, which every report has, while the next subject is judged.
void refuses(const std::string& way, const std::string& cause, int status = 3) {
  const ProgramRun run =
      run_program(hostile_command({good_subject, "--clause", "SPAWN-001"}), hostile(way));
  CAPTURE(way, run.standard_output, run.standard_error);
  CHECK(run.status == status);
  CHECK(std::count(run.standard_error.begin(), run.standard_error.end(), '\n') == 1);
  CHECK_THAT(run.standard_error, ContainsSubstring("libhostile.so") && ContainsSubstring(cause));
  const auto lines = json_lines_of(run.standard_output);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].at("type") == "refused");
  CHECK_THAT(lines[0].at("message").get<std::string>(), ContainsSubstring(cause));
  CHECK(lines[2].at("verdict") == "holds");
  CHECK(lines[3].at("exit_code") == status);
}

std::string token() {
  using namespace heddle::conformance;
  return replay_token(*find_clause("SPAWN-001"), {});
}

// The verdict of one case.
void judges(const std::string& way, const std::string& verdict, const std::string& reason = "") {
  const ToldNumbers numbers;
  const ProgramRun run =
      run_program(hostile_command({"--replay", token()}), hostile(way, numbers.path()));
  CAPTURE(way, run.standard_output, run.standard_error);
  const auto lines = json_lines_of(run.standard_output);
  REQUIRE(lines.size() == 3);
  CHECK(lines[1].at("verdict") == verdict);
  CHECK_THAT(lines[1].at("reason").get<std::string>(), ContainsSubstring(reason));
  CHECK(lines[2].at("type") == "end");
  for (const pid_t process : numbers.all()) {
    CHECK(::kill(process, 0) != 0);
  }
}

}  // namespace

TEST_CASE("a constructor that closes all descriptors is refused") {
  refuses("closes all", "closed descriptors that are not its own");
}

TEST_CASE("a constructor that writes to all descriptors is refused") {
  refuses("writes to all", "wrote to a descriptor that is not its own");
}

TEST_CASE("a constructor that replaces all descriptors is refused") {
  refuses("replaces all", "closed descriptors that are not its own");
}

TEST_CASE("a constructor that comes back twice is refused") {
  refuses("forks", "forked while it was loaded");
}

TEST_CASE("a constructor that leaves a process running is refused") {
  refuses("leaves a child", "with a process that it had left running");
}

TEST_CASE("a constructor that becomes a daemon is refused") {
  refuses("daemonizes", "ended with status 0 while it was loaded");
}

TEST_CASE("a daemon of a constructor is refused, and ends") {
  const ToldNumbers numbers;
  const ProgramRun run =
      run_program(hostile_command({}), hostile("leaves a daemon", numbers.path()));
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 3);
  CHECK_THAT(run.standard_error, ContainsSubstring("with a process that it had left running"));
  REQUIRE(numbers.all().size() == 1);
  CHECK(::kill(numbers.all().front(), 0) != 0);
}

TEST_CASE("a template that is killed while it loads the subject is nobody's fault") {
  refuses("kills itself", "killed while it was loaded", 6);
}

TEST_CASE("a constructor that stops its process is refused") {
  refuses("stops itself", "hung while it was loaded");
}

TEST_CASE("a constructor that asks to be traced is refused") {
  refuses("is traced", "is stopped");
}

TEST_CASE("a handler that blocks each fork is refused") {
  refuses("hangs before fork", "pthread_atfork");
}

TEST_CASE("a handler that blocks each forked child is refused") {
  refuses("hangs in a child", "pthread_atfork");
}

TEST_CASE("a handler that blocks a later fork costs a template, and no verdict") {
  const ProgramRun run =
      run_program(hostile_command({"--clause", "SPAWN-00*"}), hostile("hangs in the third fork"));
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 0);
  CHECK(verdicts_of(run).at("SPAWN-004") == "holds");
}

TEST_CASE("a body that scribbles on descriptors harms nobody") {
  judges("scribbles in a body", "holds");
}

TEST_CASE("a handler that scribbles on descriptors at exit harms nobody") {
  judges("scribbles at exit", "holds");
}

TEST_CASE("what a body starts is ended with the case, also in a session of its own") {
  judges("leaves a daemon in a body", "holds");
}

TEST_CASE("a case that takes all memory is ended") {
  judges("occupies memory", "not_judged", "MiB of memory");
}

TEST_CASE("a case that is over does not hang, however long the kernel takes to end it") {
  judges("blocks its exit", "holds");
}

TEST_CASE("a case that asks to be traced goes on") {
  judges("is traced in a body", "holds");
}

TEST_CASE("a template that was killed is started again, and the case is run again") {
  judges("kills its parent once", "holds");
}

TEST_CASE("a case that was killed from outside is run again") {
  judges("dies once", "holds");
}

TEST_CASE("a case that stops the template is judged by what it has said") {
  judges("stops its parent", "holds");
}
