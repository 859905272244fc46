// repetition.hpp: the judgement of several runs of one fault together.
#pragma once

#include <vector>

#include "campaign/verdict.hpp"

namespace heddle::inject {

/// Returns the judgement that all runs agree on, in the words of the first run; runs that disagree
/// are unstable. A count of what is held or called varies with the threads' turns: a run that is
/// bad by such a count alone does not speak against good runs. Takes at least one run. Pure.
Judgement judge_together(const std::vector<Judgement>& runs);

/// Returns the verdicts of the runs, each once, in their order.
std::vector<Verdict> distinct_verdicts(const std::vector<Judgement>& runs);

}  // namespace heddle::inject
