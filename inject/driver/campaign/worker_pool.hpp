// worker_pool.hpp: the worker processes, which try faults at once and hand over the results in
// order.
//
// Each worker is a process with a runner of its own. So a worker adopts what its own runs leave
// behind and nothing else, and a run goes the same way with one worker as with many. A worker that
// finds its parent gone ends its run and itself.
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

/// What the workers inherit when they are forked; they only read it.
struct TrialOrders {
  const Target& target;
  const FaultFree& fault_free;
  const std::vector<Site>& sites;  // by id - 1
  const std::vector<PlannedFault>& faults;
  int log;  // closed by each worker, so that the log's lock ends with the parent
};

enum class PoolEnd { done, stopped };

/// Tries the faults. `take` gets each result, in order, and returns false to stop. Also stops when
/// `interrupt_descriptor` becomes readable. All workers have ended on return. On failure, returns
/// what failed in the tool itself. For a process with one thread.
tl::expected<PoolEnd, std::string> try_all(
    const TrialOrders& orders, int jobs, int interrupt_descriptor,
    const std::function<tl::expected<bool, std::string>(CampaignReport)>& take);

}  // namespace heddle::inject
