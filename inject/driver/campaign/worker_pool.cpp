#include "campaign/worker_pool.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "campaign/observation.hpp"
#include "campaign/worker.hpp"
#include "plan/system_error.hpp"

namespace heddle::inject {
namespace {

/// How many orders a worker has at once, so that it never waits for the parent between two.
constexpr std::size_t orders_ahead = 2;

class Pool {
 public:
  explicit Pool(const TrialOrders& orders) : orders_(orders) {}

  /// Ends the workers by closing their sockets; each first ends what it has started.
  ~Pool() {
    for (const Worker& worker : workers_) {
      close(worker.socket);
    }
    for (const Worker& worker : workers_) {
      waitpid(worker.process, nullptr, 0);
    }
  }

  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  tl::expected<void, std::string> start(int jobs);
  bool is_done() const { return next_result_ == orders_.faults.size(); }

  /// Waits for answers. False when the campaign shall stop.
  tl::expected<bool, std::string> step(int interrupt_descriptor);

  /// Takes the results that are next in order.
  std::vector<CampaignReport> take_results();

 private:
  struct Worker {
    pid_t process;
    int socket;
    std::deque<std::size_t> orders;  // not answered yet
    std::string received;            // part of the next answers
  };

  void give_orders(Worker& worker);
  tl::expected<void, std::string> receive(Worker& worker);
  tl::expected<void, std::string> take_answer(Worker& worker, std::string_view lines);

  const TrialOrders& orders_;
  std::vector<Worker> workers_;
  std::size_t next_order_ = 0;
  std::size_t next_result_ = 0;
  std::map<std::size_t, CampaignReport> results_;  // waiting for earlier ones
};

tl::expected<void, std::string> Pool::start(int jobs) {
  for (int job = 0; job < jobs; ++job) {
    std::array<int, 2> sockets{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
      return tl::unexpected(fmt::format("socketpair: {}", describe_system_error(errno)));
    }
    const pid_t process = fork();
    if (process == 0) {
      close(sockets[0]);
      close(orders_.log);
      for (const Worker& other : workers_) {
        close(other.socket);  // lest it stay open when the parent ends
      }
      work(orders_, sockets[1]);
    }
    close(sockets[1]);
    if (process < 0) {
      close(sockets[0]);
      return tl::unexpected(fmt::format("fork: {}", describe_system_error(errno)));
    }
    workers_.push_back({process, sockets[0], {}, {}});
    give_orders(workers_.back());
  }
  return {};
}

void Pool::give_orders(Worker& worker) {
  while (worker.orders.size() < orders_ahead && next_order_ < orders_.faults.size()) {
    const std::uint64_t place = next_order_++;
    worker.orders.push_back(place);
    // Cannot block: the socket's buffer holds far more than orders_ahead. If the worker is gone,
    // reading its answer shows that.
    static_cast<void>(!send(worker.socket, &place, sizeof place, MSG_NOSIGNAL));
  }
}

tl::expected<bool, std::string> Pool::step(int interrupt_descriptor) {
  std::vector<pollfd> polled{{interrupt_descriptor, POLLIN, 0}};
  for (const Worker& worker : workers_) {
    polled.push_back({worker.orders.empty() ? -1 : worker.socket, POLLIN, 0});
  }
  if (poll(polled.data(), polled.size(), -1) < 0) {
    return true;  // EINTR, after a stop and continue
  }
  if (polled[0].revents != 0) {
    return false;
  }
  for (std::size_t index = 0; index < workers_.size(); ++index) {
    if (polled[index + 1].revents == 0) {
      continue;
    }
    if (const auto received = receive(workers_[index]); !received) {
      return tl::unexpected(received.error());
    }
    give_orders(workers_[index]);
  }
  return true;
}

tl::expected<void, std::string> Pool::receive(Worker& worker) {
  std::array<char, 65536> part;  // NOLINT: filled by recv
  const ssize_t count = recv(worker.socket, part.data(), part.size(), 0);
  if (count < 0 && errno == EINTR) {
    return {};
  }
  if (count <= 0) {
    int wait_status = 0;
    const bool ended = waitpid(worker.process, &wait_status, 0) == worker.process;
    return tl::unexpected(
        fmt::format("a worker process has ended by itself: {}; what was tried is in the log, go on "
                    "with --resume",
                    ended ? describe_wait_status(wait_status) : describe_system_error(errno)));
  }
  worker.received.append(part.data(), static_cast<std::size_t>(count));
  if (worker.received.front() == worker_failed && worker.received.back() == '\n') {
    return tl::unexpected(worker.received.substr(1, worker.received.size() - 2));
  }
  for (std::size_t end = 0; (end = worker.received.find("\n\n")) != std::string::npos;) {
    if (const auto taken = take_answer(worker, std::string_view(worker.received).substr(0, end));
        !taken) {
      return taken;
    }
    worker.received.erase(0, end + 2);
  }
  return {};
}

tl::expected<void, std::string> Pool::take_answer(Worker& worker, std::string_view lines) {
  CampaignReport report;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    if (auto added = add_line(report, line); !added) {
      return added;
    }
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
  }
  results_.emplace(worker.orders.front(), std::move(report));
  worker.orders.pop_front();
  return {};
}

std::vector<CampaignReport> Pool::take_results() {
  std::vector<CampaignReport> ready;
  for (auto next = results_.begin(); next != results_.end() && next->first == next_result_;
       next = results_.erase(next), ++next_result_) {
    ready.push_back(std::move(next->second));
  }
  return ready;
}

}  // namespace

tl::expected<PoolEnd, std::string> try_all(
    const TrialOrders& orders, int jobs, int interrupt_descriptor,
    const std::function<tl::expected<bool, std::string>(CampaignReport)>& take) {
  Pool pool(orders);
  if (const auto started = pool.start(jobs); !started) {
    return tl::unexpected(started.error());
  }
  while (!pool.is_done()) {
    const auto go_on = pool.step(interrupt_descriptor);
    if (!go_on) {
      return tl::unexpected(go_on.error());
    }
    if (!*go_on) {
      return PoolEnd::stopped;
    }
    for (CampaignReport& result : pool.take_results()) {
      const auto wanted = take(std::move(result));
      if (!wanted) {
        return tl::unexpected(wanted.error());
      }
      if (!*wanted) {
        return PoolEnd::stopped;
      }
    }
  }
  return PoolEnd::done;
}

}  // namespace heddle::inject
