#include "runner/watched_child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "runner/descriptor.hpp"

namespace heddle::conformance {
namespace {

constexpr std::size_t output_kept = std::size_t{32} * 1024;  // as in case_memory.cpp
constexpr int look_for_the_end_ms = 10;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// An output stream of the child, handed on to this process's own.
class Stream {
 public:
  explicit Stream(int original) : original_(original) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      fail("pipe");
    }
    reader_ = Descriptor(ends[0]);
    writer_ = Descriptor(ends[1]);
    static_cast<void>(::fcntl(reader_.get(), F_SETFL, O_NONBLOCK));  // an open pipe: cannot fail
  }

  /// Replaces the original stream. Call it in the child.
  void become_original() const {
    if (::dup2(writer_.get(), original_) < 0) {
      ::_exit(127);
    }
  }
  /// Closes the end that the child writes to. Call it in the parent.
  void close_writer() { writer_ = Descriptor(-1); }
  int reader() const { return reader_.get(); }

  /// Hands on what is there, and keeps the end of it in `kept`.
  void hand_on(std::string& kept) const {
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(reader_.get(), part.data(), part.size())) > 0;) {
      const std::string_view text(part.data(), static_cast<std::size_t>(got));
      kept += text;
      kept.erase(0, kept.size() - std::min(kept.size(), output_kept));
      // Best effort: the verdict does not depend on whether anybody reads the output.
      [[maybe_unused]] const ssize_t handed_on = ::write(original_, text.data(), text.size());
    }
  }

 private:
  int original_;
  Descriptor reader_;
  Descriptor writer_;
};

Evidence& shared_evidence() {
  void* const memory =
      ::mmap(nullptr, sizeof(Evidence), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    fail("mmap of the evidence");
  }
  return *static_cast<Evidence*>(memory);
}

// Hands on what the child prints until it has ended; returns what waitpid() says of it.
int attend(pid_t child, const Stream& output, const Stream& error, std::string& kept) {
  std::array<pollfd, 2> streams = {{{.fd = output.reader(), .events = POLLIN, .revents = 0},
                                    {.fd = error.reader(), .events = POLLIN, .revents = 0}}};
  for (int status = 0;;) {
    static_cast<void>(::poll(streams.data(), streams.size(), look_for_the_end_ms));
    for (pollfd& stream : streams) {
      if ((stream.revents & POLLIN) == 0 && stream.revents != 0) {
        stream.fd = -1;  // closed for good; poll() must leave it out from now on
      }
    }
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    output.hand_on(kept);
    error.hand_on(kept);
    if (ended == child) {
      static_cast<void>(::kill(-child, SIGKILL));  // whatever the child has left behind
      return status;
    }
    if (ended < 0 && errno != EINTR) {
      fail("waitpid");
    }
  }
}

}  // namespace

std::optional<CaseResult> run_in_child(const std::function<bool(Evidence&)>& work) {
  Evidence& evidence = shared_evidence();
  Stream output(STDOUT_FILENO);
  Stream error(STDERR_FILENO);
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) {
    fail("fork");
  }
  if (child == 0) {
    static_cast<void>(::prctl(PR_SET_PDEATHSIG, SIGKILL));  // cannot fail
    static_cast<void>(::setpgid(0, 0));                     // cannot fail in a fresh child
    output.become_original();
    error.become_original();
    if (!work(evidence)) {
      ::_exit(0);
    }
    return std::nullopt;
  }
  static_cast<void>(::setpgid(child, child));  // fails when the child was faster, or is gone
  output.close_writer();
  error.close_writer();
  std::string kept;
  const int status = attend(child, output, error, kept);
  CaseResult result = result_of(evidence);
  static_cast<void>(::munmap(&evidence, sizeof(Evidence)));  // mapped above
  result.output = std::move(kept);
  (WIFEXITED(status) ? result.status : result.signal) =
      WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
  return result;
}

}  // namespace heddle::conformance
