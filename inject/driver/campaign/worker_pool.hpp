// worker_pool.hpp: tries faults in several processes at once, and hands over what came of them in
// order.
//
// Each worker is a process of its own, with a runner of its own: what a run leaves behind falls to
// the worker that started it and to no other, and the code of a run is the same for one worker as
// for many. A worker that finds its parent gone ends its run and itself.
#pragma once

#include <sys/types.h>

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "campaign/campaign_log.hpp"
#include "campaign/target.hpp"
#include "campaign/trial.hpp"

namespace heddle::inject {

/// What the workers are given when they are forked, and only read then.
struct TrialOrders {
  const Target& target;
  const FaultFree& fault_free;
  const std::vector<Site>& sites;  // by id - 1
  const std::vector<PlannedFault>& faults;
  int log;  // descriptor that a worker closes: the log's lock ends with its writer
};

enum class PoolEnd { done, stopped };

/// Tries the faults; `take` gets each result, in order, and returns false to stop. Also stops when
/// `interrupt_descriptor` becomes readable. All workers have ended when it returns. Otherwise, what
/// failed in the tool itself. For a process with one thread.
tl::expected<PoolEnd, std::string> try_all(
    const TrialOrders& orders, int jobs, int interrupt_descriptor,
    const std::function<tl::expected<bool, std::string>(CampaignReport)>& take);

}  // namespace heddle::inject
