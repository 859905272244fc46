// judgements.hpp: the single questions that a verdict is made of. All are pure; each answers with
// nothing when it has nothing to say.
#pragma once

#include <optional>

#include "campaign/verdict.hpp"

namespace heddle::inject {

using MaybeJudgement = std::optional<Judgement>;

/// Whether the program said something on standard error that it does not say in fault-free runs.
/// Nothing when that cannot be told.
std::optional<bool> spoke(const Baseline& baseline, const Observation& run);

/// Whether fewer calls of the fault's row succeeded than in any fault-free run.
bool lacks_calls(const Baseline& baseline, const Observation& run, const JudgedFault& fault);

/// Has a child crashed, that no fault-free run has lost?
MaybeJudgement judge_children(const Baseline& baseline, const Observation& run);

/// Are the files in the working folder those that are usually left there?
MaybeJudgement judge_files(const Baseline& baseline, const Observation& run);

/// Does the server serve, even when nothing fails any more?
MaybeJudgement judge_service(const Baseline& baseline, const Observation& run);

/// Is what was written to standard output, and to the client, what is usually written?
MaybeJudgement judge_output(const Baseline& baseline, const Observation& run,
                            const JudgedFault& fault);

/// Does the program hold more at its end than in fault-free runs?
MaybeJudgement judge_leak(const Baseline& baseline, const Observation& run,
                          const JudgedFault& fault);

/// Did the program go on without what the call would have given it, and say nothing?
MaybeJudgement judge_loss(const Baseline& baseline, const Observation& run,
                          const JudgedFault& fault);

}  // namespace heddle::inject
