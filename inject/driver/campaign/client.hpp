// client.hpp: the command that is run against a server once it says that it is ready.
#pragma once

#include <sys/types.h>

#include <array>
#include <regex>
#include <string>
#include <tl/expected.hpp>

#include "campaign/observation.hpp"
#include "campaign/target.hpp"

namespace heddle::inject {

/// Looks for a regular expression in what comes on a stream, line by line, each part once. Lines
/// are cut at 4 KiB, since std::regex recurses over their length.
class ReadinessWatch {
 public:
  /// Throws std::regex_error for an expression that is none.
  explicit ReadinessWatch(const std::string& expression);

  /// True when the expression matches in a line that has not been looked at whole.
  bool found_in(const OutputCapture& stream);

 private:
  std::regex expression_;
  std::size_t position_ = 0;  // beginning of the first line that may still grow
};

/// Why a fault-free run was of no use in which no line matched: what the program wrote instead.
std::string never_ready_message(const std::string& expression, const Observation& run);

/// One run of the client. Kills it when it has not ended by the end of this object.
class Client {
 public:
  static tl::expected<Client, std::string> start(const std::string& command,
                                                 const StartRequest& surroundings);
  Client(Client&& other) noexcept;
  Client& operator=(Client&&) = delete;
  ~Client();

  pid_t process() const { return process_; }
  /// Become readable when it has ended, or when it has written.
  int end_descriptor() const { return end_descriptor_; }
  int output_descriptor() const { return output_[0]; }

  void drain(ClientOutcome& outcome) const;
  /// Waits for its end.
  void collect(ClientOutcome& outcome);

 private:
  Client() = default;

  pid_t process_ = 0;
  int end_descriptor_ = -1;
  std::array<int, 2> output_{-1, -1};
};

/// A pipe whose end for reading does not block. False, with errno, when there is none to be had.
bool open_capture_pipe(std::array<int, 2>& pipe);

/// Adds what can be read now. Nothing more comes when the descriptor is not readable.
void drain_into(OutputCapture& capture, int descriptor);

}  // namespace heddle::inject
