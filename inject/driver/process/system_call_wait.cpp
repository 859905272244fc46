#include "process/system_call_wait.hpp"

#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace heddle::inject {
namespace {

/// Defined here because the headers of Debian 12 lack it.
constexpr long futex_wait_number = 455;

/// How a call says its limit, in the argument that its row names.
enum class LimitAs { none, unknown, milliseconds, timespec, timeval, real_time };

/// Which descriptors a call waits for.
enum class Waited { none, reads_first, writes_first, polled, selected };

struct Row {
  long number;
  std::string_view name;
  Awaited awaited;
  LimitAs limit = LimitAs::none;
  std::size_t limit_argument = 0;
  Waited waited = Waited::none;
};

using enum Awaited;

// A blocking call that is missing here counts as one that anybody may end, at any time.
constexpr Row rows[] = {
    {SYS_nanosleep, "nanosleep", time, LimitAs::timespec, 0},
    {SYS_clock_nanosleep, "clock_nanosleep", time, LimitAs::timespec, 2},
    {SYS_futex, "futex", memory},
    {SYS_futex_waitv, "futex_waitv", memory},
    {futex_wait_number, "futex_wait", memory},
    {SYS_ppoll, "ppoll", descriptors, LimitAs::timespec, 2, Waited::polled},
    {SYS_pselect6, "pselect6", descriptors, LimitAs::timespec, 4, Waited::selected},
    {SYS_epoll_pwait, "epoll_pwait", descriptors, LimitAs::milliseconds, 3, Waited::reads_first},
    {SYS_epoll_pwait2, "epoll_pwait2", descriptors, LimitAs::timespec, 3, Waited::reads_first},
    {SYS_read, "read", descriptors, LimitAs::none, 0, Waited::reads_first},
    {SYS_readv, "readv", descriptors, LimitAs::none, 0, Waited::reads_first},
    {SYS_recvfrom, "recvfrom", descriptors, LimitAs::none, 0, Waited::reads_first},
    {SYS_recvmsg, "recvmsg", descriptors, LimitAs::none, 0, Waited::reads_first},
    {SYS_recvmmsg, "recvmmsg", descriptors, LimitAs::timespec, 4, Waited::reads_first},
    {SYS_accept, "accept", descriptors, LimitAs::none, 0, Waited::reads_first},
    {SYS_accept4, "accept4", descriptors, LimitAs::none, 0, Waited::reads_first},
    {SYS_write, "write", descriptors, LimitAs::none, 0, Waited::writes_first},
    {SYS_writev, "writev", descriptors, LimitAs::none, 0, Waited::writes_first},
    {SYS_sendto, "sendto", descriptors, LimitAs::none, 0, Waited::writes_first},
    {SYS_sendmsg, "sendmsg", descriptors, LimitAs::none, 0, Waited::writes_first},
    {SYS_sendmmsg, "sendmmsg", descriptors, LimitAs::none, 0, Waited::writes_first},
    {SYS_connect, "connect", descriptors, LimitAs::none, 0, Waited::writes_first},
    {SYS_wait4, "wait4", child},
    {SYS_waitid, "waitid", child},
    {SYS_clone, "clone", anything},
    {SYS_clone3, "clone3", anything},
    {SYS_rt_sigsuspend, "rt_sigsuspend", anything},
    {SYS_rt_sigtimedwait, "rt_sigtimedwait", anything, LimitAs::timespec, 2},
    {SYS_semop, "semop", anything},
    {SYS_semtimedop, "semtimedop", anything, LimitAs::timespec, 3},
    {SYS_msgrcv, "msgrcv", anything},
    {SYS_msgsnd, "msgsnd", anything},
    {SYS_mq_timedsend, "mq_timedsend", anything, LimitAs::real_time, 4},
    {SYS_mq_timedreceive, "mq_timedreceive", anything, LimitAs::real_time, 4},
    {SYS_flock, "flock", anything},
    {SYS_fcntl, "fcntl", anything},
    {SYS_openat, "openat", anything},
    {SYS_ioctl, "ioctl", anything},
    {SYS_io_getevents, "io_getevents", anything, LimitAs::timespec, 4},
    {SYS_io_pgetevents, "io_pgetevents", anything, LimitAs::timespec, 4},
#ifdef SYS_poll  // newer processors have none of these
    {SYS_poll, "poll", descriptors, LimitAs::milliseconds, 2, Waited::polled},
    {SYS_select, "select", descriptors, LimitAs::timeval, 4, Waited::selected},
    {SYS_epoll_wait, "epoll_wait", descriptors, LimitAs::milliseconds, 3, Waited::reads_first},
    {SYS_vfork, "vfork", child},
    {SYS_pause, "pause", anything},
#endif
    // A ring may hold timeout requests.
    {SYS_io_uring_enter, "io_uring_enter", anything, LimitAs::unknown},
    // Goes on with a call with a limit after a stop; the kernel does not say which call.
    {SYS_restart_syscall, "restart_syscall", anything, LimitAs::unknown},
    {SYS_exit, "exit", anything},
    {SYS_exit_group, "exit_group", anything},
};

const Row* row_of(long number) {
  const auto* const row = std::ranges::find(rows, number, &Row::number);
  return row != std::end(rows) ? row : nullptr;
}

constexpr std::int64_t second = 1'000'000'000;

/// Reads the limit in a timespec, or, where `unit` is 1000, in a timeval.
TimeLimit limit_at(std::uint64_t address, const ReadMemory& read, std::int64_t unit = 1) {
  std::int64_t time[2] = {};
  TimeLimit limit;
  if (!read(address, &time, sizeof time)) {
    return limit;
  }
  // Centuries would overflow; a shorter limit serves as well.
  constexpr std::int64_t most_seconds = INT64_MAX / second - 1;
  limit.known = true;
  limit.nanoseconds = std::clamp<std::int64_t>(time[0], 0, most_seconds) * second + time[1] * unit;
  return limit;
}

std::optional<TimeLimit> limit_of(const Row& row, const SystemCall& call, const ReadMemory& read) {
  const std::uint64_t argument = call.arguments[row.limit_argument];
  switch (row.limit) {
    case LimitAs::none:
      return std::nullopt;
    case LimitAs::unknown:
      return TimeLimit{};
    case LimitAs::milliseconds: {
      const auto milliseconds = static_cast<std::int32_t>(argument);
      if (milliseconds < 0) {
        return std::nullopt;
      }
      return TimeLimit{true, false, CLOCK_MONOTONIC, milliseconds * (second / 1000)};
    }
    default:
      break;
  }
  if (argument == 0) {
    return std::nullopt;
  }
  TimeLimit limit = limit_at(argument, read, row.limit == LimitAs::timeval ? 1000 : 1);
  if (row.limit == LimitAs::real_time) {
    limit.absolute = true;
    limit.clock = CLOCK_REALTIME;
  }
  return limit;
}

void add_absolute_limit(Wait& wait, std::uint64_t address, bool real_time, const ReadMemory& read) {
  if (address != 0) {
    wait.limit = limit_at(address, read);
    wait.limit->absolute = true;
    wait.limit->clock = real_time ? CLOCK_REALTIME : CLOCK_MONOTONIC;
  }
}

void look_at_futex(Wait& wait, const SystemCall& call, const ReadMemory& read) {
  const std::uint64_t operation = call.arguments[1];
  const std::uint64_t time = call.arguments[3];
  const bool real_time = (operation & FUTEX_CLOCK_REALTIME) != 0;
  wait.words.push_back({call.arguments[0], (operation & FUTEX_PRIVATE_FLAG) != 0});
  switch (operation & static_cast<std::uint64_t>(FUTEX_CMD_MASK)) {
    case FUTEX_WAIT:
      if (time != 0) {
        wait.limit = limit_at(time, read);
      }
      break;
    case FUTEX_WAIT_BITSET:
    case FUTEX_WAIT_REQUEUE_PI:
    case FUTEX_LOCK_PI2:
      add_absolute_limit(wait, time, real_time, read);
      break;
    case FUTEX_LOCK_PI:
      add_absolute_limit(wait, time, true, read);
      break;
    default:
      wait.awaited = Awaited::anything;  // no operation that waits
  }
}

void look_at_futex_vector(Wait& wait, const SystemCall& call, const ReadMemory& read) {
  add_absolute_limit(wait, call.arguments[3], call.arguments[4] == CLOCK_REALTIME, read);
  const std::uint64_t count = std::min<std::uint64_t>(call.arguments[1], FUTEX_WAITV_MAX);
  for (std::uint64_t index = 0; index < count; ++index) {
    futex_waitv entry{};
    if (!read(call.arguments[0] + index * sizeof entry, &entry, sizeof entry)) {
      wait.awaited = Awaited::anything;
      return;
    }
    wait.words.push_back({entry.uaddr, (entry.flags & FUTEX_PRIVATE_FLAG) != 0});
  }
}

/// Says whether a clone waits until its child executes a program or ends.
bool shares_until_exec(const SystemCall& call, const ReadMemory& read) {
  std::uint64_t flags = call.arguments[0];
  return (call.number != SYS_clone3 || read(flags, &flags, sizeof flags)) &&
         (flags & CLONE_VFORK) != 0;
}

void add_polled(Wait& wait, const SystemCall& call, const ReadMemory& read) {
  constexpr std::uint64_t most = 1 << 16;
  for (std::uint64_t index = 0; index < std::min(call.arguments[1], most); ++index) {
    pollfd entry{};
    if (!read(call.arguments[0] + index * sizeof entry, &entry, sizeof entry)) {
      wait.awaited = Awaited::anything;
      return;
    }
    if (entry.fd >= 0) {
      wait.descriptors.push_back({entry.fd, (entry.events & POLLIN) == 0});
    }
  }
}

void add_selected(Wait& wait, const SystemCall& call, const ReadMemory& read) {
  const auto count = std::min<std::uint64_t>(call.arguments[0], FD_SETSIZE);
  for (std::size_t set = 1; set <= 3; ++set) {
    std::array<std::uint64_t, FD_SETSIZE / 64> bits{};
    const std::size_t size = (count + 63) / 64 * 8;
    if (call.arguments[set] == 0) {
      continue;
    }
    if (!read(call.arguments[set], bits.data(), size)) {
      wait.awaited = Awaited::anything;
      return;
    }
    // The kernel works on a copy, so the program's memory still has what it asked for.
    for (std::uint64_t descriptor = 0; descriptor < count; ++descriptor) {
      if ((bits.at(descriptor / 64) >> (descriptor % 64) & 1) != 0) {
        wait.descriptors.push_back({static_cast<int>(descriptor), set == 2});
      }
    }
  }
}

void add_descriptors(Wait& wait, Waited waited, const SystemCall& call, const ReadMemory& read) {
  switch (waited) {
    case Waited::none:
      return;
    case Waited::reads_first:
    case Waited::writes_first:
      wait.descriptors.push_back(
          {static_cast<int>(call.arguments[0]), waited == Waited::writes_first});
      wait.socket_limit = wait.call.find("epoll") == std::string::npos;
      return;
    case Waited::polled:
      add_polled(wait, call, read);
      break;
    case Waited::selected:
      add_selected(wait, call, read);
      break;
  }
  // Without descriptors, select and poll are portable sleeps; without a limit as well, they wait
  // for a signal.
  if (wait.descriptors.empty()) {
    wait.awaited = wait.limit ? Awaited::time : Awaited::anything;
  }
}

}  // namespace

std::optional<SystemCall> system_call_of(const std::string& line) {
  const char* position = line.c_str();
  char* end = nullptr;
  SystemCall call;
  call.number = std::strtol(position, &end, 10);
  if (end == position || call.number < 0) {
    return std::nullopt;
  }
  for (std::uint64_t& argument : call.arguments) {
    position = end;
    argument = std::strtoull(position, &end, 16);
    if (end == position) {
      return std::nullopt;
    }
  }
  return call;
}

Wait wait_of(const SystemCall& call, const ReadMemory& read) {
  Wait wait;
  wait.call = system_call_name(call.number);
  const Row* const row = row_of(call.number);
  if (row == nullptr) {
    return wait;
  }
  wait.awaited = row->awaited;
  wait.limit = limit_of(*row, call, read);
  add_descriptors(wait, row->waited, call, read);
  switch (call.number) {
    case SYS_clock_nanosleep:
      wait.limit = wait.limit.value_or(TimeLimit{});
      wait.limit->clock = static_cast<clockid_t>(call.arguments[0]);
      wait.limit->absolute = (call.arguments[1] & TIMER_ABSTIME) != 0;
      break;
    case SYS_futex:
      look_at_futex(wait, call, read);
      break;
    case SYS_futex_waitv:
      look_at_futex_vector(wait, call, read);
      break;
    case futex_wait_number:
      wait.words.push_back({call.arguments[0], (call.arguments[3] & FUTEX_PRIVATE_FLAG) != 0});
      add_absolute_limit(wait, call.arguments[4], call.arguments[5] == CLOCK_REALTIME, read);
      break;
    case SYS_clone:
    case SYS_clone3:
      wait.awaited = shares_until_exec(call, read) ? Awaited::child : Awaited::anything;
      break;
    case SYS_exit:
    case SYS_exit_group:
      wait.is_ending = true;
      break;
    default:
      break;
  }
  return wait;
}

std::string system_call_name(long number) {
  const Row* const row = row_of(number);
  return row != nullptr ? std::string(row->name) : "system call " + std::to_string(number);
}

}  // namespace heddle::inject
