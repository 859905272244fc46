// A subject is not blamed for what a sanitizer in its process does, nor is it praised for it.
#include <string>

#include "support/catch.hpp"
#include "support/program_run.hpp"

using Catch::Matchers::ContainsSubstring;
using heddle::tests::ProgramRun;
using heddle::tests::run_program;

namespace {

// The reference, which keeps all of these clauses.
ProgramRun conform_beside_sanitizer(const std::string& clause) {
  const std::string preload = std::string("LD_PRELOAD=") + HEDDLE_PRETENDED_SANITIZER;
  return run_program({"/usr/bin/env", preload, HEDDLE_CONFORM, "--clause", clause});
}

void is_not_judged(const std::string& clause, const std::string& reason) {
  const ProgramRun run = conform_beside_sanitizer(clause);
  CAPTURE(run.standard_output, run.standard_error);
  CHECK_THAT(run.standard_output, ContainsSubstring(clause + "  not judged: " + reason));
}

}  // namespace

TEST_CASE("what ThreadSanitizer changes is not judged beside it") {
  is_not_judged("TLS-118", "ThreadSanitizer ");
}

TEST_CASE("what ThreadSanitizer leaves alone is judged beside it") {
  const ProgramRun run = conform_beside_sanitizer("TLS-119");
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 0);
  CHECK_THAT(run.standard_output, ContainsSubstring("1 clause holds"));
}

TEST_CASE("signal stacks are not judged where somebody gave the thread one before the start") {
  is_not_judged("STACK-308", "the thread has a signal stack already");
}

TEST_CASE("a case that cannot judge says why, and not that its fault never fired") {
  is_not_judged("STACK-313", "the thread has a signal stack already");
}
