#include "mutation/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <system_error>

namespace heddle::mutation {
namespace {

[[noreturn]] void fail(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

struct ProcessTime {
  pid_t parent = 0;
  long ticks = 0;  // its own, and those of its children that it has waited for
};

// Reads /proc/PID/stat, of which the second field may have blanks. A process that has just gone
// reads as one without a parent.
ProcessTime time_of(const std::filesystem::path& folder) {
  std::ifstream file(folder / "stat");
  std::string line;
  std::getline(file, line);
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) {
    return {};
  }
  std::istringstream fields(line.substr(name_end + 1));
  std::string field;
  ProcessTime time;
  constexpr int parent = 4;
  constexpr int first_time = 14;
  constexpr int last_time = 17;
  for (int number = 3; number <= last_time && fields >> field; ++number) {
    if (number == parent) {
      time.parent = std::stoi(field);
    } else if (number >= first_time) {
      time.ticks += std::stol(field);
    }
  }
  return time;
}

// Returns the processor time of a process and all that descend from it.
std::chrono::seconds processor_time_of(pid_t root) {
  std::map<pid_t, ProcessTime> times;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename();
    pid_t id = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
    if (error == std::errc() && end == name.data() + name.size()) {
      times.emplace(id, time_of(entry.path()));
    }
  }
  long ticks = 0;
  for (const auto& [id, time] : times) {
    pid_t ancestor = id;
    // A list that was read while processes came and went could have a circle in it.
    for (std::size_t step = 0; step < times.size() && ancestor != root; ++step) {
      const auto found = times.find(ancestor);
      ancestor = found == times.end() ? 0 : found->second.parent;
    }
    ticks += ancestor == root ? time.ticks : 0;
  }
  return std::chrono::seconds(ticks / ::sysconf(_SC_CLK_TCK));
}

[[noreturn]] void become(const Process& process, int output) {
  std::vector<char*> argv;
  for (const std::string& argument : process.arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  const std::string& error_file = process.error_file;
  const int error = ::open(error_file.empty() ? "/dev/null" : error_file.c_str(),
                           O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(error, STDERR_FILENO);
  if (process.folder.empty() || ::chdir(process.folder.c_str()) == 0) {
    ::execvp(argv[0], argv.data());
  }
  ::_exit(127);
}

// Hands on the lines of a program's output. A last line without its end is dropped.
class Lines {
 public:
  explicit Lines(const std::function<bool(std::string_view)>& on_line) : on_line_(on_line) {}

  // Returns whether the program may go on.
  bool add(std::string_view text) {
    begun_.append(text);
    for (std::size_t end = begun_.find('\n'); end != std::string::npos; end = begun_.find('\n')) {
      const std::string line = begun_.substr(0, end);
      begun_.erase(0, end + 1);
      wanted_ = wanted_ && on_line_(line);
    }
    return wanted_;
  }

 private:
  const std::function<bool(std::string_view)>& on_line_;
  std::string begun_;
  bool wanted_ = true;
};

}  // namespace

ProcessEnd run(const Process& process) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    fail("pipe2");
  }
  const pid_t child = ::fork();
  if (child < 0) {
    fail("fork");
  }
  if (child == 0) {
    become(process, pipe[1]);
  }
  ::close(pipe[1]);
  ProcessEnd end;
  Lines lines(process.on_line);
  std::array<char, 65536> buffer{};
  // A look at the time after a second's silence, or after a buffer of output.
  for (;;) {
    pollfd readable{.fd = pipe[0], .events = POLLIN, .revents = 0};
    constexpr int second = 1000;
    const int ready = ::poll(&readable, 1, second);
    if (ready > 0) {
      const ssize_t got = ::read(pipe[0], buffer.data(), buffer.size());
      if (got <= 0) {
        break;
      }
      if (!lines.add({buffer.data(), static_cast<std::size_t>(got)})) {
        ::kill(child, SIGTERM);
      }
    } else if (!end.over_time && processor_time_of(child) > process.processor_time) {
      end.over_time = true;
      ::kill(child, SIGTERM);
    }
  }
  ::close(pipe[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      fail("waitpid");
    }
  }
  end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return end;
}

}  // namespace heddle::mutation
