// Which exit code the records of a subject ask for.
#include "report/exit_code.hpp"

#include "conformance/sample_run.hpp"
#include "support/catch.hpp"

namespace heddle::conformance::views {
namespace {

ExitCode code_of(const std::vector<Record>& records, const Header& header = sample_header()) {
  Tally tally;
  for (const Record& record : records) {
    tally.add(record);
  }
  return exit_code_of(tally, header);
}

Header selection() {
  Header header = sample_header();
  header.partial = true;
  return header;
}

Header broken_smoke() {
  Header header = sample_header();
  header.smoke_failures = {"SMOKE-001 fails"};
  return header;
}

TEST_CASE("a whole run without a judged spawn and join is below conforming") {
  CHECK(code_of(conforming()) == exit_conforming);
  CHECK(code_of({sample(Verdict::holds, "JOIN-039")}) == exit_nothing);
  CHECK(code_of({sample(Verdict::holds, "SPAWN-001")}) == exit_nothing);
}

TEST_CASE("a selection claims nothing, and needs one judged clause alone") {
  CHECK(code_of({sample(Verdict::holds)}, selection()) == exit_conforming);
  CHECK(code_of({sample(Verdict::not_applicable)}, selection()) == exit_nothing);
}

TEST_CASE("a clause that fails counts before a smoke check that does") {
  CHECK(code_of(conforming(), broken_smoke()) == exit_subject);
  CHECK(code_of(conforming({failing(Cause::wrong)}), broken_smoke()) == exit_not_conforming);
}

TEST_CASE("flaky clauses and errors of the suite have codes of their own") {
  CHECK(code_of(conforming({sample(Verdict::flaky)})) == exit_flaky);
  CHECK(code_of(conforming({sample(Verdict::flaky), sample(Verdict::internal_error)})) ==
        exit_internal);
}

TEST_CASE("of several subjects the gravest code counts") {
  CHECK(graver(exit_conforming, exit_not_conforming) == exit_not_conforming);
  CHECK(graver(exit_subject, exit_not_conforming) == exit_subject);
  CHECK(graver(exit_nothing, exit_flaky) == exit_flaky);
}

}  // namespace
}  // namespace heddle::conformance::views
