#include "campaign/worker.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>

#include "process/leftovers.hpp"

namespace heddle::inject {
namespace {

bool receive_order(int socket, std::uint64_t& place) {
  ssize_t count = 0;
  do {
    count = recv(socket, &place, sizeof place, MSG_WAITALL);
  } while (count < 0 && errno == EINTR);
  return count == sizeof place;
}

/// Sends an answer. False when nobody listens any more.
bool answer(int socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  return true;
}

std::string lines_of(const tl::expected<CampaignReport, std::string>& result) {
  if (!result) {
    return worker_failed + result.error() + '\n';
  }
  std::string lines;
  const auto add = [&](const auto& records) {
    for (const auto& record : records) {
      lines += to_line(record) + '\n';
    }
  };
  add(result->modules);
  add(result->sites);
  add(result->faults);
  return lines + '\n';
}

void answer_orders(const TrialOrders& orders, int socket) {
  adopt_orphans();
  // A held run that ends before its release leaves a pipe without a reader.
  static_cast<void>(signal(SIGPIPE, SIG_IGN));
  auto runner = Runner::create(orders.target, {socket, POLLRDHUP, 0});
  if (!runner) {
    answer(socket, lines_of(tl::unexpected(runner.error().message)));
    return;
  }
  Trial trial(**runner, orders.fault_free, orders.target.options);
  for (std::uint64_t place = 0; receive_order(socket, place);) {
    const PlannedFault& fault = orders.faults.at(place);
    const auto result = trial.of(orders.sites.at(fault.site - 1), fault);
    if (!answer(socket, lines_of(result)) || !result) {
      return;
    }
  }
}

}  // namespace

void work(const TrialOrders& orders, int socket) {
  try {
    answer_orders(orders, socket);
  } catch (const std::exception& error) {
    // Out of memory, or a defect of this tool: the parent says so and ends the campaign.
    answer(socket, worker_failed + std::string("a worker process failed: ") + error.what() + '\n');
  }
  // A fork server that was killed leaves its run behind.
  end_leftovers(0);
  // The buffers and exit handlers are the parent's: this process must not flush or run them.
  _exit(0);
}

}  // namespace heddle::inject
