// What the suite says about a mutant.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "mutation/workshop.hpp"

namespace heddle::mutation {

struct Judgement {
  enum class Outcome {
    killed,      ///< a clause fails that the unmutated copy keeps
    timed_out,   ///< the suite has used up its processor time
    passed,      ///< no clause fails that is checked quickly; the others are still to be asked
    survived,    ///< no clause fails
    equivalent,  ///< the same objects as without the change
    invalid      ///< does not compile
  };

  Outcome outcome;
  std::string clause;  ///< the first that fails
  std::string cause;   ///< of its failure, as the suite names it
  std::string happened;
};

/// Runs the suite on mutants. Thread-safe.
class Judge {
 public:
  /// `conform` is the suite's program, `processor_time` what one run of it may use.
  Judge(std::string conform, std::chrono::seconds processor_time)
      : conform_(std::move(conform)), processor_time_(processor_time) {}

  /// Runs the clauses that are checked quickly, or the others, up to the first failure. Nothing but
  /// the order of the clauses depends on time, and `timed_out` on processor time. Throws
  /// std::runtime_error when the suite could not judge.
  /// @{
  Judgement judge_quickly(const Built& built);
  Judgement judge_slowly(const Built& built);
  /// @}

 private:
  struct Healthy {
    std::map<std::string, bool> holds;
    std::vector<std::string> quick, slow;  // options for the suite: which clauses
  };

  const Healthy& healthy(const std::string& unmutated);
  Judgement ask(const Built& built, const std::vector<std::string>& selection,
                const Healthy& healthy, Judgement::Outcome otherwise) const;

  std::string conform_;
  std::chrono::seconds processor_time_;
  std::mutex mutex_;
  std::map<std::string, Healthy> healthy_;  // by the unmutated subject
};

}  // namespace heddle::mutation
