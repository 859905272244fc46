// JSON messages between two processes, of any length.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

#include "runner/descriptor.hpp"

namespace heddle::conformance {

enum class Silence {
  timeout,      ///< nothing came in time
  closed,       ///< the other side is gone
  interrupted,  ///< a signal came in
};

/// One end of a packet socket. Not for several threads.
class MessageSocket {
 public:
  using Clock = std::chrono::steady_clock;

  explicit MessageSocket(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  /// Two ends that are connected. Throws std::system_error when the system has none left.
  static std::pair<MessageSocket, MessageSocket> pair();

  /// False: the other side is gone.
  bool send(const nlohmann::json& message) const;

  /// Waits for a message until `deadline`; without one, as long as it takes.
  tl::expected<nlohmann::json, Silence> receive(
      std::optional<Clock::time_point> deadline = std::nullopt) const;

  int descriptor() const { return descriptor_.get(); }

 private:
  bool send_packet(std::string_view packet) const;
  tl::expected<nlohmann::json, Silence> receive_all_parts() const;

  Descriptor descriptor_;
};

}  // namespace heddle::conformance
