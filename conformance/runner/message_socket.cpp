#include "runner/message_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <system_error>

namespace heddle::conformance {
namespace {

// A message with all that a case did may be larger than a packet (net.core.wmem_max), so it is sent
// in parts.
constexpr std::size_t longest_part = 32 * std::size_t{1024};
constexpr std::uint64_t our_mark = 0x676d5f656c646465;

struct PacketHead {
  std::uint64_t mark;
  std::uint64_t number;  // counts the packets in the order in which they are sent
  std::uint32_t size;    // of the part that follows
  std::uint32_t more;    // the message goes on in the next packet
};

int milliseconds_of(std::chrono::milliseconds time) {
  return static_cast<int>(time.count());
}

}  // namespace

std::pair<MessageSocket, MessageSocket> MessageSocket::pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  return {MessageSocket(Descriptor(ends[0])), MessageSocket(Descriptor(ends[1]))};
}

bool MessageSocket::send(const nlohmann::json& message,
                         std::optional<std::chrono::milliseconds> patience) {
  const std::string text = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::optional<Patience> left;
  if (patience) {
    left.emplace(*patience);
  }
  std::string_view rest = text;
  for (; rest.size() > longest_part; rest.remove_prefix(longest_part)) {
    if (!send_packet(rest.substr(0, longest_part), true, left)) {
      return false;
    }
  }
  return send_packet(rest, false, left);
}

bool MessageSocket::send_packet(std::string_view payload, bool more_follows,
                                std::optional<Patience>& patience) {
  PacketHead head{.mark = our_mark,
                  .number = sent_++,
                  .size = static_cast<std::uint32_t>(payload.size()),
                  .more = more_follows ? 1U : 0U};
  std::array<iovec, 2> parts{iovec{&head, sizeof head},
                             iovec{const_cast<char*>(payload.data()), payload.size()}};
  msghdr packet{};
  packet.msg_iov = parts.data();
  packet.msg_iovlen = parts.size();
  for (;;) {
    const int flags = MSG_NOSIGNAL | (patience ? MSG_DONTWAIT : 0);
    if (::sendmsg(descriptor_.get(), &packet, flags) >= 0) {
      return true;
    }
    if (errno == EAGAIN && patience && !patience->over()) {
      pollfd room{.fd = descriptor_.get(), .events = POLLOUT, .revents = 0};
      if (::poll(&room, 1, milliseconds_of(patience->slice())) == 0) {
        patience->spend();
      }
    } else if (errno != EINTR) {
      return false;  // the other side is gone, or a subject has replaced the descriptor
    }
  }
}

// Waits until there is something to receive.
tl::expected<void, Silence> MessageSocket::await(Patience* patience) {
  std::array<pollfd, 2> waiting{pollfd{.fd = descriptor_.get(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = process_.get(), .events = POLLIN, .revents = 0}};
  for (;;) {
    const int timeout = patience != nullptr ? milliseconds_of(patience->slice()) : -1;
    const int ready = ::poll(waiting.data(), waiting.size(), timeout);
    if (ready < 0 && errno == EINTR) {
      return tl::unexpected(Silence::interrupted);
    }
    if (ready < 0) {
      throw std::system_error(errno, std::generic_category(), "poll");
    }
    // What the other side sent before it ended is received first.
    if (waiting[0].revents != 0) {
      return {};
    }
    if (ready > 0) {
      return tl::unexpected(Silence::closed);
    }
    patience->spend();
    if (patience->over()) {
      return tl::unexpected(Silence::timeout);
    }
  }
}

// Receives the next packet: its payload, and whether its message goes on.
tl::expected<std::pair<std::string, bool>, Silence> MessageSocket::receive_packet() {
  std::array<char, sizeof(PacketHead) + longest_part> packet{};
  ssize_t size = 0;
  do {
    size = ::recv(descriptor_.get(), packet.data(), packet.size(), 0);
  } while (size < 0 && errno == EINTR);
  if (size <= 0) {
    return tl::unexpected(Silence::closed);
  }
  PacketHead head{};
  const std::string_view whole(packet.data(), static_cast<std::size_t>(size));
  if (whole.size() < sizeof head) {
    return tl::unexpected(Silence::damaged);
  }
  std::memcpy(&head, whole.data(), sizeof head);
  if (head.mark != our_mark || head.number != received_ ||
      head.size != whole.size() - sizeof head) {
    return tl::unexpected(Silence::damaged);
  }
  ++received_;
  return std::pair(std::string(whole.substr(sizeof head)), head.more != 0);
}

// Receives a message. If only some parts have come in time, they are kept for the next call.
tl::expected<nlohmann::json, Silence> MessageSocket::receive(Patience& patience) {
  return receive(&patience);
}

tl::expected<nlohmann::json, Silence> MessageSocket::receive() {
  return receive(nullptr);
}

tl::expected<nlohmann::json, Silence> MessageSocket::receive(Patience* patience) {
  for (bool more = true; more;) {
    if (const auto something = await(patience); !something) {
      return tl::unexpected(something.error());
    }
    const auto part = receive_packet();
    if (!part) {
      return tl::unexpected(part.error());
    }
    parts_ += part->first;
    more = part->second;
  }
  auto message = nlohmann::json::parse(std::exchange(parts_, {}), nullptr, false);
  if (!message.is_object()) {
    return tl::unexpected(Silence::damaged);
  }
  return message;
}

}  // namespace heddle::conformance
