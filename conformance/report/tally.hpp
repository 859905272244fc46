// Counts of clauses by their verdicts.
#pragma once

#include <cstdint>

#include "verdict/record.hpp"

namespace heddle::conformance {

struct Tally {
  std::uint64_t holds = 0;
  std::uint64_t must_fails = 0;
  std::uint64_t profile_fails = 0;
  std::uint64_t missed = 0;  ///< a SHOULD that fails: never a failure
  std::uint64_t deviates = 0;
  std::uint64_t flaky = 0;
  std::uint64_t not_judged = 0;
  std::uint64_t not_applicable = 0;
  std::uint64_t untested = 0;
  std::uint64_t internal_errors = 0;

  std::uint64_t spawn_musts = 0;  ///< MUST clauses of the group spawn that were judged
  std::uint64_t join_musts = 0;   ///< and of the group join

  void add(const Record& record) {
    ++counter(record);
    const bool judged_must = record.level == "must" &&
                             (record.verdict == Verdict::holds || record.verdict == Verdict::fails);
    spawn_musts += judged_must && record.group == "spawn" ? 1 : 0;
    join_musts += judged_must && record.group == "join" ? 1 : 0;
  }

  void add(const Tally& other) {
    holds += other.holds;
    must_fails += other.must_fails;
    profile_fails += other.profile_fails;
    missed += other.missed;
    deviates += other.deviates;
    flaky += other.flaky;
    not_judged += other.not_judged;
    not_applicable += other.not_applicable;
    untested += other.untested;
    internal_errors += other.internal_errors;
    spawn_musts += other.spawn_musts;
    join_musts += other.join_musts;
  }

  std::uint64_t fails() const { return must_fails + profile_fails; }

  /// Returns how many clauses have told something about the subject.
  std::uint64_t judged() const { return holds + fails() + missed + deviates + flaky; }

  /// Returns how many clauses the subject was asked.
  std::uint64_t applicable() const { return judged() + not_judged + internal_errors; }

  /// Returns whether enough was judged to speak of conforming: that threads start, and that they
  /// can be joined.
  bool reaches_floor() const { return spawn_musts != 0 && join_musts != 0; }

  std::uint64_t all() const { return applicable() + not_applicable + untested; }

 private:
  std::uint64_t& counter(const Record& record) {
    switch (record.verdict) {
      case Verdict::holds:
        return holds;
      case Verdict::fails:
        return !is_failure(record) ? missed : record.level == "must" ? must_fails : profile_fails;
      case Verdict::deviates:
        return deviates;
      case Verdict::not_applicable:
        return not_applicable;
      case Verdict::not_judged:
        return not_judged;
      case Verdict::untested:
        return untested;
      case Verdict::flaky:
        return flaky;
      case Verdict::internal_error:
        break;
    }
    return internal_errors;
  }
};

}  // namespace heddle::conformance
