// worker.h: the process that tries faults for a campaign, one after another.
#ifndef HEDDLE_INJECT_DRIVER_WORKER_H
#define HEDDLE_INJECT_DRIVER_WORKER_H

#include <cstdint>

#include "campaign/worker_pool.h"

namespace heddle::inject {

/// An order is the place of a fault, as a uint64_t. The answer is the lines of a log that belong to
/// the fault and then an empty line; or a line that begins with this, and why there is no answer.
constexpr char kWorkerFailed = '!';

/// Answers the orders that come over the socket until there are no more, and ends this process.
[[noreturn]] void work(const TrialOrders& orders, int socket);

}  // namespace heddle::inject

#endif
