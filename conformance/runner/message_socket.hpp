// JSON messages between two processes, of any length.
//
// One of the two may be a subject's: code that writes to descriptors which are not its own, or
// forks at odd moments. So each packet says that it is one of ours and which it is in the row, and
// whatever else comes in is `damaged`.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

#include "runner/descriptor.hpp"
#include "runner/patience.hpp"

namespace heddle::conformance {

enum class Silence {
  timeout,      ///< nothing came in time
  closed,       ///< the other side is gone
  interrupted,  ///< a signal came in
  damaged,      ///< what came is none of our messages: somebody else has written
};

/// One end of a packet socket. Not for several threads.
class MessageSocket {
 public:
  explicit MessageSocket(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  /// Two ends that are connected. Throws std::system_error when the system has none left.
  static std::pair<MessageSocket, MessageSocket> pair();

  /// The other side's process (a pidfd): when it has ended, receive() returns `closed` even if
  /// another process has inherited the other end.
  void watch(Descriptor process) { process_ = std::move(process); }

  /// Returns false if the other side is gone, or does not take the message within `patience`.
  bool send(const nlohmann::json& message,
            std::optional<std::chrono::milliseconds> patience = std::nullopt);

  /// Waits for a message as long as `patience` lasts, which is spent meanwhile.
  tl::expected<nlohmann::json, Silence> receive(Patience& patience) { return receive(&patience); }

  /// Waits for a message as long as it takes: from a process that runs no code of a subject's.
  tl::expected<nlohmann::json, Silence> receive() { return receive(nullptr); }

  int descriptor() const { return descriptor_.get(); }

 private:
  bool send_packet(std::string_view payload, bool more_follows, std::optional<Patience>& patience);
  tl::expected<void, Silence> await(Patience* patience);
  tl::expected<std::pair<std::string, bool>, Silence> receive_packet();
  tl::expected<nlohmann::json, Silence> receive(Patience* patience);

  Descriptor descriptor_;
  Descriptor process_;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
  std::string parts_;  ///< of the message that comes in
};

}  // namespace heddle::conformance
