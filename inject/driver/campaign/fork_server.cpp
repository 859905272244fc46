#include <fmt/core.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "campaign/process_source.hpp"
#include "plan/system_error.hpp"

namespace heddle::inject {
namespace {

/// Loading a program takes milliseconds; after this long the server is taken to be missing.
constexpr int greeting_timeout_ms = 30000;

/// How often to look for the process of a run, ten milliseconds apart.
constexpr int looks_for_process = 500;

class ForkServer : public ProcessSource {
 public:
  ForkServer(pid_t process, int socket, heddle_inject_launch& launch)
      : process_(process), socket_(socket), launch_(launch) {}

  ~ForkServer() override {
    close(socket_);
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);  // ends soon, since the server has been killed
  }

  ForkServer(const ForkServer&) = delete;
  ForkServer& operator=(const ForkServer&) = delete;

  /// Waits for the server's greeting. Gives up when the campaign is cancelled.
  tl::expected<void, std::string> await_greeting(pollfd cancel) const {
    std::array<pollfd, 2> awaited{pollfd{socket_, POLLIN, 0}, cancel};
    int ready = 0;
    do {
      ready = poll(awaited.data(), awaited.size(), greeting_timeout_ms);
    } while (ready < 0 && errno == EINTR);
    heddle_inject_greeting greeting{};
    if (ready < 1 || awaited[0].revents == 0 || !receive(greeting)) {
      return tl::unexpected(std::string("the program ended, or left the shim out, at its start"));
    }
    if (greeting.serves == 0) {
      return tl::unexpected(fmt::format("it has {} threads before it begins", greeting.threads));
    }
    return {};
  }

  pid_t lasting_process() const override { return process_; }
  int end_descriptor() const override { return socket_; }

  tl::expected<void, std::string> start(const std::string& folder, bool held) override {
    if (folder.size() >= sizeof launch_.working_folder) {
      return tl::unexpected(fmt::format("the name of the working folder is too long: {}", folder));
    }
    std::memcpy(&launch_.working_folder[0], folder.c_str(), folder.size() + 1);
    launch_.hold = held ? 1 : 0;
    launch_.flags = std::uint32_t{HEDDLE_INJECT_LAUNCH_REWIND_INPUT} |
                    (held ? std::uint32_t{HEDDLE_INJECT_LAUNCH_HOLD} : 0U);
    std::atomic_ref(launch_.process).store(0, std::memory_order_relaxed);
    const char order = 1;
    if (send(socket_, &order, 1, MSG_NOSIGNAL) != 1) {
      return tl::unexpected(std::string("the fork server has ended"));
    }
    return {};
  }

  pid_t process() const override {
    const std::atomic_ref process(launch_.process);
    // The server wakes only who waits for a held run. Others hardly ever have to wait, so they
    // poll.
    constexpr timespec pause{0, 10'000'000};
    for (int look = 0; look < looks_for_process && process.load(std::memory_order_acquire) == 0;
         ++look) {
      syscall(SYS_futex, &launch_.process, FUTEX_WAIT, 0, &pause, nullptr, 0);
    }
    return process.load(std::memory_order_acquire);
  }

  void release() override {
    std::atomic_ref(launch_.hold).store(0, std::memory_order_release);
    // Without FUTEX_PRIVATE_FLAG: the waiter is another process.
    syscall(SYS_futex, &launch_.hold, FUTEX_WAKE, 1, nullptr, nullptr, 0);
  }

  tl::expected<int, std::string> collect() override {
    heddle_inject_ended ended{};
    if (!receive(ended)) {
      return tl::unexpected(std::string("the fork server has ended during a run"));
    }
    if (ended.process < 0) {
      return tl::unexpected(fmt::format("the fork server cannot fork, or wait for its run: {}",
                                        describe_system_error(-ended.process)));
    }
    return ended.wait_status;
  }

 private:
  /// Reads one message. Messages are so short that they are written, and hence read, in one piece.
  template <typename Message>
  bool receive(Message& message) const {
    ssize_t count = 0;
    do {
      count = recv(socket_, &message, sizeof message, MSG_WAITALL);
    } while (count < 0 && errno == EINTR);
    return count == sizeof message;
  }

  pid_t process_;
  int socket_;
  heddle_inject_launch& launch_;
};

}  // namespace

tl::expected<std::unique_ptr<ProcessSource>, std::string> start_fork_server(
    const Target& target, const StartRequest& request, PlanFile& plan, pollfd cancel) {
  std::array<int, 2> sockets{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
    return tl::unexpected(fmt::format("socketpair: {}", describe_system_error(errno)));
  }
  heddle_inject_launch& launch = plan.record()->launch;
  launch.descriptor = sockets[1];
  launch.server = 0;
  StartRequest with_socket = request;
  with_socket.inherited = sockets[1];
  const auto process = start_process(target, with_socket);
  close(sockets[1]);
  if (!process) {
    close(sockets[0]);
    return tl::unexpected(process.error());
  }
  auto server = std::make_unique<ForkServer>(*process, sockets[0], launch);
  if (const auto greeting = server->await_greeting(cancel); !greeting) {
    return tl::unexpected(greeting.error());
  }
  return server;
}

}  // namespace heddle::inject
