// worker.hpp: the process that tries faults for a campaign, one after another.
#pragma once

#include <cstdint>

#include "campaign/worker_pool.hpp"

namespace heddle::inject {

/// An order is the place of a fault, as a uint64_t. The answer has the fault's lines of the log,
/// then an empty line. A failed worker sends instead one line that begins with this character, with
/// the reason.
constexpr char worker_failed = '!';

/// Answers the orders that come over the socket until it is closed, and ends this process.
[[noreturn]] void work(const TrialOrders& orders, int socket);

}  // namespace heddle::inject
