#include "runner/message_socket.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <system_error>

namespace heddle::conformance {

std::pair<MessageSocket, MessageSocket> MessageSocket::pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  return {MessageSocket(Descriptor(ends[0])), MessageSocket(Descriptor(ends[1]))};
}

bool MessageSocket::send(const nlohmann::json& message) const {
  const std::string text = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  ssize_t sent = 0;
  do {
    sent = ::send(descriptor_.get(), text.data(), text.size(), MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0 && errno != EPIPE && errno != ECONNRESET) {
    throw std::system_error(errno, std::generic_category(), "send to a process of the suite's own");
  }
  return sent >= 0;
}

tl::expected<nlohmann::json, Silence> MessageSocket::receive(
    std::optional<Clock::time_point> deadline) const {
  using std::chrono::milliseconds;
  int timeout = -1;
  if (deadline) {
    const auto left = std::chrono::ceil<milliseconds>(*deadline - Clock::now()).count();
    timeout = static_cast<int>(std::clamp<long long>(left, 0, 1'000'000'000));
  }
  pollfd waiting{.fd = descriptor_.get(), .events = POLLIN, .revents = 0};
  const int ready = ::poll(&waiting, 1, timeout);
  if (ready < 0) {
    if (errno == EINTR) {
      return tl::unexpected(Silence::interrupted);
    }
    throw std::system_error(errno, std::generic_category(), "poll");
  }
  if (ready == 0) {
    return tl::unexpected(Silence::timeout);
  }
  // MSG_TRUNC with no buffer tells the size of the packet that waits.
  const ssize_t size = ::recv(descriptor_.get(), nullptr, 0, MSG_PEEK | MSG_TRUNC);
  if (size <= 0) {
    return tl::unexpected(Silence::closed);
  }
  std::string text(static_cast<std::size_t>(size), '\0');
  const ssize_t received = ::recv(descriptor_.get(), text.data(), text.size(), 0);
  if (received != size) {
    return tl::unexpected(Silence::closed);
  }
  return nlohmann::json::parse(text);
}

}  // namespace heddle::conformance
