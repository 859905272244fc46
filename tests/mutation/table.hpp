// The report of a mutation run.
#pragma once

#include <string>
#include <vector>

#include "mutation/log.hpp"
#include "mutation/mutant.hpp"
#include "mutation/reasons.hpp"

namespace heddle::mutation {

struct Summary {
  std::string text;             ///< a table of the files, and then each survivor
  std::size_t unexplained = 0;  ///< survivors without a reason, and reasons without a survivor
};

/// Summarises what the log knows of the mutants. The score is the part that is killed among those
/// that compile and differ: those that were proven equivalent, and survivors whose reason says that
/// they are, do not count.
Summary summary_of(const std::vector<Mutant>& mutants, const Log& log, const Reasons& reasons);

}  // namespace heddle::mutation
