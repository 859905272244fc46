#include "process/wakers.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <sstream>
#include <string>

#include "process/proc_files.hpp"

namespace heddle::inject {
namespace {

std::string folder_of(pid_t process) {
  return "/proc/" + std::to_string(process);
}

struct Mapping {
  bool shared = false;
  std::string file;  // device, inode and name
};

Mapping mapping_at(pid_t process, std::uint64_t address) {
  std::istringstream lines(text_of_file(folder_of(process) + "/maps"));
  for (std::string line; std::getline(lines, line);) {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    char protection[5] = {};
    int file = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx %4s %*s %n", &begin, &end, protection, &file) == 3 &&
        address >= begin && address < end) {
      return {protection[3] != 'p', line.substr(static_cast<std::size_t>(file))};
    }
  }
  return {true, {}};
}

/// Says whether shared memory has no name in a file system: then only processes have it that
/// inherited it, or were given it.
bool is_nameless(const std::string& file) {
  return file.find("/dev/zero (deleted)") != std::string::npos ||
         file.find("/memfd:") != std::string::npos;
}

bool is_for_run_alone(const AwaitedWord& word, pid_t process, const RunProcesses& processes) {
  if (word.process_private) {
    return true;
  }
  const Mapping mapping = mapping_at(process, word.address);
  return !mapping.shared ||
         (is_nameless(mapping.file) &&
          std::ranges::none_of(processes.outsiders, [&](pid_t outsider) {
            return text_of_file(folder_of(outsider) + "/maps").find(mapping.file) !=
                   std::string::npos;
          }));
}

/// Says whether a process has the file open in the given way.
bool has_open(pid_t process, const std::string& target, bool to_write, bool to_read) {
  return std::ranges::any_of(numbers_in(folder_of(process) + "/fd"), [&](int descriptor) {
    const OpenFile file = open_file(process, descriptor);
    return file.target == target && ((to_write && file.writable) || (to_read && file.readable));
  });
}

/// Says whether the target is a pipe whose other end a process of the run has open, and no
/// outsider.
bool is_pipe_of_run_alone(const std::string& target, bool for_writing,
                          const RunProcesses& processes) {
  return std::ranges::any_of(
             processes.run,
             [&](pid_t member) { return has_open(member, target, !for_writing, for_writing); }) &&
         std::ranges::none_of(processes.outsiders, [&](pid_t outsider) {
           return has_open(outsider, target, true, true);
         });
}

void keep_earlier(std::optional<std::int64_t>& kept, std::int64_t other) {
  kept = std::min(kept.value_or(other), other);
}

/// Adds the time that a timer has left: "it_value: (seconds, nanoseconds)" in proc(5); zero: it is
/// not set.
void add_timer(Wakers& wakers, const std::string& facts) {
  long seconds = 0;
  long nanoseconds = 0;
  if (std::sscanf(field_of(facts, "it_value").c_str(), "(%ld, %ld)", &seconds, &nanoseconds) != 2) {
    wakers.in_run_alone = false;
  } else if (seconds != 0 || nanoseconds != 0) {
    keep_earlier(wakers.timer_ms, seconds * 1000 + nanoseconds / 1'000'000);
  }
}

void add_descriptor(Wakers& wakers, const AwaitedDescriptor& awaited, pid_t process,
                    const RunProcesses& processes, int depth);

/// Adds the descriptors that an epoll set watches: "tfd: NUMBER events: MASK ..." in proc(5) for
/// each.
void add_watched(Wakers& wakers, const std::string& facts, pid_t process,
                 const RunProcesses& processes, int depth) {
  constexpr int deepest = 4;  // the kernel allows five nested sets
  std::istringstream lines(facts);
  for (std::string line; std::getline(lines, line);) {
    int descriptor = 0;
    unsigned events = 0;
    if (std::sscanf(line.c_str(), "tfd: %d events: %x", &descriptor, &events) == 2) {
      constexpr unsigned readable = 1;
      if (depth == deepest) {
        wakers.in_run_alone = false;
      } else {
        add_descriptor(wakers, {descriptor, (events & readable) == 0}, process, processes,
                       depth + 1);
      }
    }
  }
}

void add_descriptor(Wakers& wakers, const AwaitedDescriptor& awaited, pid_t process,
                    const RunProcesses& processes, int depth) {
  const OpenFile file = open_file(process, awaited.descriptor);
  const std::string facts_path =
      folder_of(process) + "/fdinfo/" + std::to_string(awaited.descriptor);
  if (file.target.starts_with("pipe:")) {
    wakers.in_run_alone =
        wakers.in_run_alone && is_pipe_of_run_alone(file.target, awaited.for_writing, processes);
  } else if (file.target == "anon_inode:[timerfd]") {
    add_timer(wakers, text_of_file(facts_path));
  } else if (file.target == "anon_inode:[eventpoll]") {
    add_watched(wakers, text_of_file(facts_path), process, processes, depth);
  } else {
    wakers.in_run_alone = false;  // a socket, a terminal, a signal: anybody may be at the other end
  }
}

/// Looks for SO_RCVTIMEO and SO_SNDTIMEO, which /proc does not show. A socket that cannot be asked
/// may have a limit.
void add_socket_limit(Wakers& wakers, const AwaitedDescriptor& awaited, pid_t process) {
  if (!open_file(process, awaited.descriptor).target.starts_with("socket:")) {
    return;
  }
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
  const int socket = static_cast<int>(syscall(SYS_pidfd_getfd, handle, awaited.descriptor, 0));
  timeval limit{};
  socklen_t size = sizeof limit;
  if (socket < 0 || getsockopt(socket, SOL_SOCKET, awaited.for_writing ? SO_SNDTIMEO : SO_RCVTIMEO,
                               &limit, &size) != 0) {
    wakers.socket_limit = true;
  } else if (limit.tv_sec != 0 || limit.tv_usec != 0) {
    wakers.socket_limit = true;
    wakers.socket_limit_ms = limit.tv_sec * 1000 + limit.tv_usec / 1000;
  }
  for (const int descriptor : {handle, socket}) {
    if (descriptor >= 0) {
      close(descriptor);
    }
  }
}

}  // namespace

Wakers wakers_of(const Wait& wait, pid_t process, const RunProcesses& processes) {
  Wakers wakers;
  for (const AwaitedWord& word : wait.words) {
    wakers.in_run_alone = wakers.in_run_alone && is_for_run_alone(word, process, processes);
  }
  for (const AwaitedDescriptor& descriptor : wait.descriptors) {
    add_descriptor(wakers, descriptor, process, processes, 0);
    if (wait.socket_limit) {
      add_socket_limit(wakers, descriptor, process);
    }
  }
  return wakers;
}

}  // namespace heddle::inject
