#include "verdict/judge_memory.hpp"
#include "support/catch.hpp"

namespace heddle::conformance::views {
namespace {

const MemoryReport error{.kind = "InvalidRead", .what = "a wild read", .stack = {}};
const MemoryReport leak{
    .kind = "Leak_DefinitelyLost", .what = "8 bytes", .bytes = 8, .blocks = 1, .stack = {}};

CaseResult ended() {
  CaseResult result;
  result.began = result.finished = result.searched = true;
  return result;
}

Finding found(Verdict verdict, Cause cause = Cause::none) {
  Finding finding;
  finding.verdict = verdict;
  finding.cause = cause;
  return finding;
}

TEST_CASE("a case whose memory is in order stays as it is") {
  CHECK(judge_memory(Clause{}, ended(), found(Verdict::holds)).verdict == Verdict::holds);
  CHECK(judge_memory(Clause{}, ended(), found(Verdict::not_judged)).verdict == Verdict::not_judged);
}

TEST_CASE("an error of the subject's fails the clause however the case ended") {
  CaseResult result = ended();
  result.memory = {leak, error, error};
  for (const Verdict verdict : {Verdict::holds, Verdict::fails, Verdict::not_judged}) {
    const Finding finding = judge_memory(Clause{}, result, found(verdict, Cause::crash));
    CHECK(finding.verdict == Verdict::fails);
    CHECK(finding.cause == Cause::memory_error);
    CHECK(finding.happened == "a wild read (and 1 more, see below)");
  }
  CHECK(evidence_of(Cause::memory_error, result).size() == 2);
  CHECK(evidence_of(Cause::leak, result).size() == 1);
}

TEST_CASE("a case that was lost says nothing about memory") {
  CaseResult result = ended();
  result.lost = true;
  result.memory = {error};
  CHECK(judge_memory(Clause{}, result, found(Verdict::internal_error)).verdict ==
        Verdict::internal_error);
}

TEST_CASE("a leak fails the clause of a case that holds, and of no other") {
  CaseResult result = ended();
  result.memory = {leak};
  const Finding finding = judge_memory(Clause{}, result, found(Verdict::holds));
  CHECK(finding.verdict == Verdict::fails);
  CHECK(finding.cause == Cause::leak);
  CHECK(finding.happened == "8 bytes");
  CHECK(judge_memory(Clause{}, result, found(Verdict::fails, Cause::hang)).cause == Cause::hang);
  CHECK(judge_memory(Clause{}, result, found(Verdict::not_judged)).verdict == Verdict::not_judged);
}

TEST_CASE("a clause that is about the leak says so, and excuses no error with it") {
  Clause clause;
  clause.leaks = "it asks for the leak";
  CaseResult result = ended();
  result.memory = {leak};
  CHECK(judge_memory(clause, result, found(Verdict::holds)).verdict == Verdict::holds);
  result.memory = {leak, error};
  CHECK(judge_memory(clause, result, found(Verdict::holds)).cause == Cause::memory_error);
}

TEST_CASE(
    "an error in the suite's code leaves the clause unjudged, unless the clause asks for it") {
  Clause clause;
  CaseResult result = ended();
  result.suite_memory = {error};
  CHECK(judge_memory(clause, result, found(Verdict::holds)).verdict == Verdict::not_judged);
  clause.wild_accesses = "it writes to the guard";
  CHECK(judge_memory(clause, result, found(Verdict::holds)).verdict == Verdict::holds);
  result.memory = {error};
  CHECK(judge_memory(clause, result, found(Verdict::holds)).cause == Cause::memory_error);
}

TEST_CASE("memory that the suite loses is no matter of the subject's") {
  CaseResult result = ended();
  result.suite_memory = {leak};
  CHECK(judge_memory(Clause{}, result, found(Verdict::holds)).verdict == Verdict::holds);
}

TEST_CASE("without a search for leaks, or a report of it, a clause does not hold") {
  CaseResult result = ended();
  result.searched = false;
  CHECK(judge_memory(Clause{}, result, found(Verdict::holds)).verdict == Verdict::not_judged);
  Clause deadly;
  deadly.death = Death{6, ""};
  CHECK(judge_memory(deadly, result, found(Verdict::holds)).verdict == Verdict::holds);
  result.searched = true;
  result.memory_doubt = "no report";
  CHECK(judge_memory(Clause{}, result, found(Verdict::holds)).reason == "no report");
}

}  // namespace
}  // namespace heddle::conformance::views
