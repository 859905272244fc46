// worker.hpp: the process that tries faults for a campaign, one after another.
#pragma once

#include <cstdint>

#include "campaign/worker_pool.hpp"

namespace heddle::inject {

/// An order is the place of a fault, as a uint64_t. The answer is the lines of a log that belong to
/// the fault and then an empty line; or a line that begins with this, and why there is no answer.
constexpr char worker_failed = '!';

/// Answers the orders that come over the socket until there are no more, and ends this process.
[[noreturn]] void work(const TrialOrders& orders, int socket);

}  // namespace heddle::inject
