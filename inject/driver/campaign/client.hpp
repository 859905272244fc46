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

/// Looks for a regular expression in the lines of a stream as they come. Lines are cut at 4 KiB,
/// since std::regex recurses over their length.
class ReadinessWatch {
 public:
  /// Throws std::regex_error for a malformed expression.
  explicit ReadinessWatch(const std::string& expression);

  /// Says whether the expression matches in a line that is new, or that has grown.
  bool found_in(const OutputCapture& stream);

 private:
  std::regex expression_;
  std::size_t position_ = 0;  // beginning of the first line that may still grow
};

/// Says that no line of a fault-free run matched, and what the program wrote instead.
std::string never_ready_message(const std::string& expression, const Observation& run);

/// One run of the client. The destructor kills a client that has not ended.
class Client {
 public:
  static tl::expected<Client, std::string> start(const std::string& command,
                                                 const StartRequest& surroundings);
  Client(Client&& other) noexcept;
  Client& operator=(Client&&) = delete;
  ~Client();

  pid_t process() const { return process_; }
  /// This descriptor and the next become readable when the client has ended, or when it has
  /// written.
  int end_descriptor() const { return end_descriptor_; }
  int output_descriptor() const { return output_[0]; }

  void drain(ClientOutcome& outcome) const;
  /// Waits for the client's end.
  void collect(ClientOutcome& outcome);

 private:
  Client() = default;

  pid_t process_ = 0;
  int end_descriptor_ = -1;
  std::array<int, 2> output_{-1, -1};
};

/// Makes a pipe whose reading end does not block. False, with errno, on failure.
bool open_capture_pipe(std::array<int, 2>& pipe);

/// Adds what can be read from the descriptor without waiting.
void drain_into(OutputCapture& capture, int descriptor);

}  // namespace heddle::inject
