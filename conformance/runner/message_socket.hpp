// JSON messages between two processes, of any length.
//
// One of the two may run a subject's code, which may write to descriptors that are not its own, or
// fork at odd moments. So each packet carries a mark and its number in the sequence. Anything else
// that comes in is `damaged`.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
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
  damaged,      ///< what came is not a message of the suite: other code has written
};

/// One end of a packet socket. Not for several threads.
class MessageSocket {
 public:
  explicit MessageSocket(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  /// Returns two connected ends. Throws std::system_error if the system has no sockets left.
  static std::pair<MessageSocket, MessageSocket> pair();

  /// Watches the other side's process (a pidfd): when it has ended, receive() returns `closed`,
  /// even if another process has inherited the other end.
  void watch(Descriptor process) { process_ = std::move(process); }

  /// Sends a message. Returns false if the other side is gone, or does not take the message within
  /// `patience`.
  bool send(const nlohmann::json& message,
            std::optional<std::chrono::milliseconds> patience = std::nullopt);

  /// Waits for a message as long as `patience` lasts, and spends it meanwhile.
  tl::expected<nlohmann::json, Silence> receive(Patience& patience);

  /// Waits for a message as long as it takes. For a sender that runs no code of a subject.
  tl::expected<nlohmann::json, Silence> receive();

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
  std::string parts_;  ///< of the message that is coming in
};

}  // namespace heddle::conformance
