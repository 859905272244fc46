// What the machine refuses, and what a user interrupts, says nothing of the subject.
#include <sys/resource.h>

#include <algorithm>
#include <csignal>

#include "hostile_run.hpp"
#include "support/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using namespace heddle::tests;

namespace {

void is_the_machines(__rlimit_resource which, rlim_t amount, const std::string& cause) {
  const ProgramRun run = run_program(hostile_command({}), [=] {
    const rlimit limits{amount, amount};
    ::setrlimit(which, &limits);
  });
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 6);
  CHECK(std::count(run.standard_error.begin(), run.standard_error.end(), '\n') == 1);
  CHECK_THAT(run.standard_error, ContainsSubstring(cause));
  CHECK_THAT(run.standard_error, !ContainsSubstring("broken") && !ContainsSubstring("refused:"));
  const auto lines = json_lines_of(run.standard_output);
  REQUIRE(lines.size() == 2);
  CHECK_THAT(lines[0].at("message").get<std::string>(), ContainsSubstring(cause));
  CHECK(lines[1].at("exit_code") == 6);
}

// The signal comes while the subject is at the place that `way` names.
void is_interrupted(const std::string& way, int signal, int status) {
  const ToldNumbers numbers;
  StartedProgram started(hostile_command({}, "100"), hostile(way, numbers.path()));
  numbers.await();
  ::kill(started.process(), signal);
  const ProgramRun run = started.finish();
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == status);
  CHECK_THAT(run.standard_error, ContainsSubstring("interrupted") && !ContainsSubstring("broken"));
  const auto lines = json_lines_of(run.standard_output);
  REQUIRE(!lines.empty());
  CHECK(lines.back().at("interrupted") == true);
  CHECK(lines.back().at("exit_code") == status);
}

}  // namespace

TEST_CASE("too few descriptors are the machine's trouble") {
  is_the_machines(RLIMIT_NOFILE, 10, "ulimit -n");
}

// A sanitizer reserves far more than that, and does not start.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("too little memory is the machine's trouble") {
  is_the_machines(RLIMIT_AS, rlim_t{400} << 20, "pthread_create");
}
#endif

TEST_CASE("an interrupt while a subject is loaded ends the run") {
  is_interrupted("tells and waits", SIGINT, 130);
}

TEST_CASE("an interrupt while an adapter is tried ends the run") {
  is_interrupted("tells and waits in a body", SIGTERM, 143);
}
