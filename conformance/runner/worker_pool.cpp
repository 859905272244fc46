#include "runner/worker_pool.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <exception>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "catalogue/catalogue.hpp"
#include "runner/case_record.hpp"
#include "runner/check_clause.hpp"
#include "runner/message_socket.hpp"
#include "runner/strays.hpp"

namespace heddle::conformance {
namespace {

Record internal_error_record(const Judgement& judgement, const std::string& reason) {
  Record record = judgement.blank();
  record.reason = reason;
  return record;
}

// Runs a worker, until its parent closes the socket or dies.
[[noreturn]] void work(MessageSocket& socket, const SubjectFile& subject,
                       const Description& description, const MemoryLane& lane,
                       const Options& options) {
  // Enters a group of its own: an interrupt from the keyboard then reaches only the parent, which
  // writes its report. Neither call can fail in a fresh child.
  static_cast<void>(::setpgid(0, 0));
  static_cast<void>(::prctl(PR_SET_PDEATHSIG, SIGKILL));
  adopt_strays();
  SubjectUnderTest under_test(subject, description, lane, options);
  for (;;) {
    const auto request = socket.receive();
    if (!request && request.error() == Silence::interrupted) {
      continue;
    }
    if (!request) {
      break;
    }
    const Clause& clause = *find_clause(request->at("clause").get<std::string>());
    Record record;
    try {
      record = check_clause(clause, under_test, options);
    } catch (const std::exception& exception) {
      record = internal_error_record({clause, description, subject, options}, exception.what());
    }
    if (!socket.send({{"record", to_json_line(record)}})) {
      break;
    }
  }
  ::_exit(0);
}

class Worker {
 public:
  Worker(const SubjectFile& subject, const Description& description, const MemoryLane& lane,
         const Options& options) {
    auto [ours, theirs] = MessageSocket::pair();
    std::fflush(nullptr);
    process_ = ::fork();
    if (process_ < 0) {
      throw std::system_error(errno, std::generic_category(), "fork of a worker");
    }
    if (process_ == 0) {
      { const MessageSocket closed = std::move(ours); }
      work(theirs, subject, description, lane, options);
    }
    keep_child(process_);
    socket_.emplace(std::move(ours));
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    static_cast<void>(::kill(process_, SIGKILL));  // cannot fail: the child is not reaped yet
    static_cast<void>(::waitpid(process_, nullptr, 0));
    forget_child(process_);
  }

  MessageSocket& socket() { return *socket_; }
  std::optional<std::size_t> clause;  ///< what it works on

 private:
  pid_t process_ = -1;
  std::optional<MessageSocket> socket_;
};

}  // namespace

bool check_all(std::span<const Clause* const> clauses, const SubjectFile& subject,
               const Description& description, const MemoryLane& lane, const Options& options,
               const WorkerProgress& progress) {
  std::vector<std::unique_ptr<Worker>> workers;
  std::map<std::size_t, Record> waiting;  // records that are ahead of their turn
  std::size_t next = 0;
  std::size_t done = 0;
  std::size_t reported = 0;

  const auto give_work = [&](Worker& worker) {
    worker.clause.reset();
    if (next < clauses.size() && worker.socket().send({{"clause", clauses[next]->id}})) {
      worker.clause = next++;
    }
  };
  const auto take = [&](std::size_t index, Record record) {
    waiting.emplace(index, std::move(record));
    progress.clauses_done(++done);
    for (auto turn = waiting.find(reported); turn != waiting.end(); turn = waiting.find(reported)) {
      progress.record(turn->second);
      waiting.erase(turn);
      ++reported;
    }
  };

  std::string no_worker;  // why the last worker could not be started
  const auto hire = [&]() -> std::unique_ptr<Worker> {
    try {
      return std::make_unique<Worker>(subject, description, lane, options);
    } catch (const std::system_error& error) {  // no process or descriptor: fewer will do
      no_worker = error.what();
      return nullptr;
    }
  };

  const std::size_t jobs = std::min<std::size_t>(std::max(1U, options.jobs), clauses.size());
  for (std::size_t job = 0; job < jobs; ++job) {
    workers.push_back(hire());
    if (workers.back() != nullptr) {
      give_work(*workers.back());
    }
  }
  while (reported < clauses.size()) {
    if (std::count(workers.begin(), workers.end(), nullptr) == std::ssize(workers)) {
      take(next, internal_error_record({*clauses[next], description, subject, options}, no_worker));
      ++next;
      continue;
    }
    std::vector<pollfd> sockets;
    for (const auto& worker : workers) {  // poll() leaves out negative descriptors
      const int socket = worker != nullptr ? worker->socket().descriptor() : -1;
      sockets.push_back({.fd = socket, .events = POLLIN, .revents = 0});
    }
    if (::poll(sockets.data(), sockets.size(), -1) < 0 && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "poll");
    }
    if (progress.interrupted()) {
      return false;
    }
    for (std::size_t index = 0; index < workers.size(); ++index) {
      auto& worker = workers[index];
      if (sockets[index].revents == 0 || !worker->clause) {
        continue;
      }
      const std::size_t clause = *worker->clause;
      if (const auto answer = worker->socket().receive()) {
        take(clause, record_from_json_line(answer->at("record").get<std::string>()));
      } else {
        take(clause, internal_error_record({*clauses[clause], description, subject, options},
                                           "the suite's worker process died"));
        worker = hire();
      }
      if (worker != nullptr) {
        give_work(*worker);
      }
    }
  }
  return true;
}

}  // namespace heddle::conformance
