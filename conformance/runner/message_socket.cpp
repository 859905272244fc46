#include "runner/message_socket.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

namespace heddle::conformance {
namespace {

// What a case did in its life may be more than the kernel takes in one packet (net.core.wmem_max).
// So a message goes in parts. All but the last begin with a byte that JSON never has.
constexpr std::size_t longest_part = 32 * std::size_t{1024};
constexpr char more_follows = '\0';

}  // namespace

std::pair<MessageSocket, MessageSocket> MessageSocket::pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  return {MessageSocket(Descriptor(ends[0])), MessageSocket(Descriptor(ends[1]))};
}

bool MessageSocket::send(const nlohmann::json& message) const {
  const std::string text = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::string_view rest = text;
  for (; rest.size() > longest_part; rest.remove_prefix(longest_part)) {
    if (!send_packet(more_follows + std::string(rest.substr(0, longest_part)))) {
      return false;
    }
  }
  return send_packet(rest);
}

bool MessageSocket::send_packet(std::string_view packet) const {
  ssize_t sent = 0;
  do {
    sent = ::send(descriptor_.get(), packet.data(), packet.size(), MSG_NOSIGNAL);
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
  return receive_all_parts();
}

tl::expected<nlohmann::json, Silence> MessageSocket::receive_all_parts() const {
  std::string text;
  std::array<char, 1 + longest_part> packet{};
  for (bool more = true; more;) {
    ssize_t size = 0;
    do {
      size = ::recv(descriptor_.get(), packet.data(), packet.size(), 0);
    } while (size < 0 && errno == EINTR);
    if (size <= 0) {
      return tl::unexpected(Silence::closed);
    }
    const std::string_view part(packet.data(), static_cast<std::size_t>(size));
    more = part.front() == more_follows;
    text += part.substr(more ? 1 : 0);
  }
  return nlohmann::json::parse(text);
}

}  // namespace heddle::conformance
