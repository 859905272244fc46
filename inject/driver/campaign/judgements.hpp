// judgements.hpp: the single questions that make up a verdict. All are pure. A question without an
// answer returns nothing.
#pragma once

#include <optional>

#include "campaign/verdict.hpp"

namespace heddle::inject {

using MaybeJudgement = std::optional<Judgement>;

/// Says whether standard error has something that fault-free runs do not say. Nothing when that
/// cannot be told.
std::optional<bool> spoke(const Baseline& baseline, const Observation& run);

/// Says whether fewer calls of the fault's row succeeded than in any fault-free run.
bool lacks_calls(const Baseline& baseline, const Observation& run, const JudgedFault& fault);

/// Did more children crash than in any fault-free run?
MaybeJudgement judge_children(const Baseline& baseline, const Observation& run);

/// Do the files in the working folder differ from those that fault-free runs leave there?
MaybeJudgement judge_files(const Baseline& baseline, const Observation& run);

/// Did the server fail to serve, in particular when nothing failed any more?
MaybeJudgement judge_service(const Baseline& baseline, const Observation& run);

/// Do standard output and the client's output differ from the usual ones?
MaybeJudgement judge_output(const Baseline& baseline, const Observation& run,
                            const JudgedFault& fault);

/// Does the program hold more at its end than in fault-free runs?
MaybeJudgement judge_leak(const Baseline& baseline, const Observation& run,
                          const JudgedFault& fault);

/// Returns the memory errors that the fault stands for, in places without one in any fault-free
/// run: first what is no leak, in its order, then the leaks, the largest first. A block is no
/// leak if a call that gives memory back has failed, or if main held it and returned early.
std::vector<MemoryError> new_memory_errors(const Baseline& baseline, const Observation& run,
                                           const JudgedFault& fault);

/// Did the program use memory as it must not? Lost blocks are another question.
MaybeJudgement judge_memory(const Baseline& baseline, const Observation& run,
                            const JudgedFault& fault);

/// Did the program lose blocks of the heap?
MaybeJudgement judge_heap(const Baseline& baseline, const Observation& run,
                          const JudgedFault& fault);

/// Did the program go on without what the call would have given it, and say nothing?
MaybeJudgement judge_loss(const Baseline& baseline, const Observation& run,
                          const JudgedFault& fault);

}  // namespace heddle::inject
