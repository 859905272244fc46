#include "campaign/client.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "campaign/output_difference.hpp"
#include "plan/system_error.hpp"

namespace heddle::inject {

ReadinessWatch::ReadinessWatch(const std::string& expression)
    : expression_(expression, std::regex::ECMAScript | std::regex::optimize) {}

bool ReadinessWatch::found_in(const OutputCapture& stream) {
  constexpr std::size_t longest_line = 4096;
  const std::string_view text = stream.head();
  while (position_ < text.size()) {
    const std::size_t end = text.find('\n', position_);
    const std::string_view line = text.substr(position_, end - position_).substr(0, longest_line);
    if (std::regex_search(line.begin(), line.end(), expression_)) {
      return true;
    }
    if (end == std::string_view::npos) {
      return false;
    }
    position_ = end + 1;
  }
  return false;
}

std::string never_ready_message(const std::string& expression, const Observation& run) {
  constexpr std::size_t shown_lines = 3;
  constexpr std::size_t shown_letters = 80;
  std::vector<std::string_view> lines = lines_in(run.output.head());
  const std::vector<std::string_view> errors = lines_in(run.errors.head());
  lines.insert(lines.end(), errors.begin(), errors.end());
  const std::string no_match =
      fmt::format("no line that the program writes matches --ready '{}': ", expression);
  if (lines.empty()) {
    return no_match +
           "it writes none; it may keep them in a buffer when no terminal reads them, or need more "
           "time: see --timeout";
  }
  std::string shown;
  for (std::size_t index = 0; index < std::min(lines.size(), shown_lines); ++index) {
    shown += fmt::format("{}'{}{}'", index == 0 ? "" : ", ", lines[index].substr(0, shown_letters),
                         lines[index].size() > shown_letters ? "..." : "");
  }
  return fmt::format(
      "{}it writes {}{}; write the expression as one of them has it, or give the "
      "program more time with --timeout",
      no_match, shown,
      lines.size() > shown_lines ? fmt::format(" and {} more", lines.size() - shown_lines) : "");
}

tl::expected<Client, std::string> Client::start(const std::string& command,
                                                const StartRequest& surroundings) {
  Client client;
  if (!open_capture_pipe(client.output_)) {
    return tl::unexpected(fmt::format("pipe2: {}", describe_system_error(errno)));
  }
  StartRequest request;
  request.input = surroundings.input;
  request.output = client.output_[1];
  request.errors = client.output_[1];
  request.folder = surroundings.folder;
  const auto process = start_shell(command, request);
  if (!process) {
    return tl::unexpected(process.error());
  }
  client.process_ = *process;
  client.end_descriptor_ = static_cast<int>(syscall(SYS_pidfd_open, *process, 0));
  if (client.end_descriptor_ < 0) {
    return tl::unexpected(fmt::format("pidfd_open: {}", describe_system_error(errno)));
  }
  return client;
}

Client::Client(Client&& other) noexcept
    : process_(std::exchange(other.process_, 0)),
      end_descriptor_(std::exchange(other.end_descriptor_, -1)),
      output_(std::exchange(other.output_, {-1, -1})) {}

Client::~Client() {
  if (process_ > 0) {
    kill(-process_, SIGKILL);  // the whole group, since sh may have started processes
    waitpid(process_, nullptr, 0);
  }
  for (const int descriptor : {end_descriptor_, output_[0], output_[1]}) {
    if (descriptor >= 0) {
      close(descriptor);
    }
  }
}

void Client::drain(ClientOutcome& outcome) const {
  drain_into(outcome.output, output_[0]);
}

void Client::collect(ClientOutcome& outcome) {
  waitpid(std::exchange(process_, 0), &outcome.wait_status, 0);
  outcome.ended = true;
  drain(outcome);
}

bool open_capture_pipe(std::array<int, 2>& pipe) {
  return pipe2(pipe.data(), O_CLOEXEC) == 0 && fcntl(pipe[0], F_SETFL, O_NONBLOCK) == 0;
}

void drain_into(OutputCapture& capture, int descriptor) {
  std::array<char, 65536> part;  // NOLINT: filled by read
  for (;;) {
    const ssize_t count = read(descriptor, part.data(), part.size());
    if (count > 0) {
      capture.add({part.data(), static_cast<std::size_t>(count)});
    } else if (count == 0 || errno != EINTR) {
      return;  // EAGAIN: nothing more for now
    }
  }
}

}  // namespace heddle::inject
