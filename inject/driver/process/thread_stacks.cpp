#include "process/thread_stacks.hpp"

#include <elf.h>
#include <fmt/core.h>
#include <libunwind-ptrace.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <thread>
#include <utility>

#include "process/proc_files.hpp"
#include "process/process_state.hpp"
#include "process/processor.hpp"

namespace heddle::inject {
namespace {

constexpr std::size_t maximum_frames = 64;

struct Mapping {
  std::uint64_t begin, end;
  std::string file;
};

/// Which file's code lies where in a stopped process.
class MemoryMap {
 public:
  /// Reads the map of a living thread: that of the process is empty once its first thread has
  /// ended.
  explicit MemoryMap(pid_t thread) {
    std::ifstream lines(fmt::format("/proc/{}/maps", thread));
    for (std::string line; std::getline(lines, line);) {
      add(line);
    }
  }

  /// Returns module and offset of an address, as heddle_inject_frame has them.
  StackFrame frame_at(std::uint64_t address, bool is_return_address) const {
    for (const Mapping& mapping : mappings_) {
      if (address >= mapping.begin && address < mapping.end) {
        return {mapping.file, address - bases_.at(mapping.file), is_return_address};
      }
    }
    return {"", address, is_return_address};
  }

 private:
  void add(const std::string& line) {
    std::istringstream fields(line);
    std::uint64_t begin = 0, end = 0;
    char dash = 0;
    std::string protection, offset, device, inode, file;
    fields >> std::hex >> begin >> dash >> end >> protection >> offset >> device >> inode;
    std::getline(fields >> std::ws, file);
    if (file.empty() || file.front() != '/') {
      return;
    }
    mappings_.push_back({begin, end, file});
    // A file's first mapping begins at its load address.
    bases_.emplace(file, is_position_independent(file) ? begin : 0);
  }

  static bool is_position_independent(const std::string& file) {
    std::ifstream content(file, std::ios::binary);
    Elf64_Ehdr header{};
    content.read(reinterpret_cast<char*>(&header), sizeof header);
    return !content || header.e_type != ET_EXEC;
  }

  std::vector<Mapping> mappings_;
  std::map<std::string, std::uint64_t> bases_;
};

/// Makes a stopped thread return from the call of an address without code, such as a null function
/// pointer. Unwinders cannot do that, but it is simple, since no instruction has run there yet. The
/// destructor puts the thread back.
class ReturnFromNowhere {
 public:
  explicit ReturnFromNowhere(pid_t thread) : thread_(thread) {
    if (!exchange(PTRACE_GETREGSET, before_) || word_at(program_counter(before_))) {
      return;
    }
    user_regs_struct returned = before_;
    has_returned_ =
        return_at_once(returned, [this](std::uint64_t address) { return word_at(address); }) &&
        exchange(PTRACE_SETREGSET, returned);
  }
  ReturnFromNowhere(const ReturnFromNowhere&) = delete;
  ReturnFromNowhere& operator=(const ReturnFromNowhere&) = delete;
  ~ReturnFromNowhere() {
    if (has_returned_) {
      // Fails with ESRCH only, when the thread has been killed meanwhile.
      exchange(PTRACE_SETREGSET, before_);
    }
  }

  bool has_returned() const { return has_returned_; }
  std::uint64_t called_address() const { return program_counter(before_); }

 private:
  bool exchange(__ptrace_request request, user_regs_struct& registers) const {
    iovec place{&registers, sizeof registers};
    return ptrace(request, thread_, NT_PRSTATUS, &place) == 0;
  }

  /// Returns the thread's word at the address; nothing if that cannot be read.
  std::optional<std::uint64_t> word_at(std::uint64_t address) const {
    errno = 0;
    const long word = ptrace(PTRACE_PEEKDATA, thread_, address, nullptr);
    return word != -1 || errno == 0 ? std::optional(static_cast<std::uint64_t>(word))
                                    : std::nullopt;
  }

  pid_t thread_;
  user_regs_struct before_{};
  bool has_returned_ = false;
};

/// Returns the stack of a stopped thread that the caller traces.
std::vector<StackFrame> unwind(pid_t thread, const MemoryMap& memory) {
  const std::unique_ptr<std::remove_pointer_t<unw_addr_space_t>, void (*)(unw_addr_space_t)> space(
      unw_create_addr_space(&_UPT_accessors, 0), unw_destroy_addr_space);
  const std::unique_ptr<void, void (*)(void*)> target(_UPT_create(thread), _UPT_destroy);
  std::vector<StackFrame> frames;
  const ReturnFromNowhere nowhere(thread);
  if (nowhere.has_returned()) {
    frames.push_back({"", nowhere.called_address(), false});
  }
  unw_cursor_t cursor;
  if (space == nullptr || target == nullptr ||
      unw_init_remote(&cursor, space.get(), target.get()) != 0) {
    return frames;
  }
  bool is_return_address = nowhere.has_returned();
  do {
    unw_word_t address = 0;
    if (unw_get_reg(&cursor, UNW_REG_IP, &address) != 0 || address == 0) {
      break;
    }
    frames.push_back(memory.frame_at(address, is_return_address));
    // A signal has interrupted this frame: its address is that of the next instruction, not a
    // return address.
    is_return_address = unw_is_signal_frame(&cursor) <= 0;
  } while (frames.size() < maximum_frames && unw_step(&cursor) > 0);
  return frames;
}

/// Returns a field of the thread's `status` (proc(5)); empty when the thread has gone.
std::string status_of(pid_t process, pid_t thread, const std::string& field) {
  return field_of(text_of_file(fmt::format("/proc/{}/task/{}/status", process, thread)), field);
}

/// Says whether a thread has ended. The kernel keeps an ended first thread as a zombie until the
/// whole process has ended.
bool has_ended(pid_t process, pid_t thread) {
  const auto state = state_of(process, thread);
  return !state || state->has_ended();
}

/// Says whether the calling thread traces the thread. It also traces those that its tracees make.
bool is_traced_from_here(pid_t process, pid_t thread) {
  return status_of(process, thread, "TracerPid") == std::to_string(gettid());
}

enum class Change { none, stopped, ended };

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds time_to_stop{20};

/// Waits a millisecond, since no call waits for any thread of a set within a time limit.
void pause_between_looks() {
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

/// The threads of a process that this thread traces. The destructor lets the stopped ones go on.
class Tracer {
 public:
  explicit Tracer(pid_t process) : process_(process) {}
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;
  ~Tracer() {
    for (const pid_t thread : stopped_) {
      // Fails with ESRCH only, when the thread has been killed meanwhile.
      ptrace(PTRACE_DETACH, thread, nullptr, signal_of(thread));
    }
  }

  /// Seizes all threads, including those that are made meanwhile. Returns errno, or 0.
  int seize() {
    for (bool found = true; found;) {
      found = false;
      for (const pid_t thread : threads_of(process_)) {
        if (seized_.contains(thread)) {
          continue;
        }
        if (ptrace(PTRACE_SEIZE, thread, nullptr, PTRACE_O_TRACECLONE) == 0) {
          seized_.insert(thread);
          found = true;
          continue;
        }
        const int error = errno;
        if (is_traced_from_here(process_, thread)) {
          seized_.insert(thread);
          found = true;
        } else if (error != ESRCH && !has_ended(process_, thread)) {
          return error;
        }
      }
    }
    return seized_.empty() ? ESRCH : 0;
  }

  /// Stops every thread that still runs, and waits until each has stopped or ended. Leaves out
  /// threads that do not stop in time: one may sleep where nothing interrupts it.
  void stop_all();

  bool has_stopped(pid_t thread) const { return stopped_.contains(thread); }

  /// Lets the stopped threads go on.
  void resume() {
    for (const pid_t thread : std::exchange(stopped_, {})) {
      // Fails with ESRCH only, when the thread has been killed meanwhile.
      ptrace(PTRACE_CONT, thread, nullptr, signal_of(thread));
    }
    signals_.clear();
  }

  /// Lets the process run until a signal is about to kill it, and stops the thread with that
  /// signal. Returns the thread; 0 when the process has ended; -1 when time was up.
  pid_t run_to_fatal_signal(Clock::time_point deadline);

  std::vector<ThreadStack> stacks(pid_t first) const {
    std::vector<ThreadStack> all;
    if (stopped_.empty()) {
      return all;
    }
    const MemoryMap memory(*stopped_.begin());
    for (const pid_t thread : stopped_) {
      all.push_back({thread, name_of(process_, thread), signal_of(thread), unwind(thread, memory)});
    }
    std::stable_partition(all.begin(), all.end(),
                          [&](const ThreadStack& one) { return one.thread == first; });
    return all;
  }

 private:
  Change next_change(pid_t thread, int* status) const;

  int signal_of(pid_t thread) const {
    const auto found = signals_.find(thread);
    return found == signals_.end() ? 0 : found->second;
  }

  void note_new_thread(pid_t thread, int status);
  bool is_deadly(pid_t thread, int signal) const;
  bool handle_stop(pid_t thread, int status);

  pid_t process_;
  std::set<pid_t> seized_;
  std::set<pid_t> stopped_;
  std::map<pid_t, int> signals_;
};

/// Says what has become of a traced thread. The end of the first thread is left to be waited for by
/// the process's parent, which may be this process. The end of any other thread must be waited for
/// here: nobody else learns of it, and until then the process cannot execute a program.
Change Tracer::next_change(pid_t thread, int* status) const {
  siginfo_t information{};
  if (waitid(P_PID, static_cast<id_t>(thread), &information,
             WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) != 0) {
    return Change::ended;  // ECHILD: gone
  }
  if (information.si_pid == 0) {
    return Change::none;
  }
  const bool ended = information.si_code == CLD_EXITED || information.si_code == CLD_KILLED ||
                     information.si_code == CLD_DUMPED;
  if (ended && thread == process_) {
    return Change::ended;
  }
  if (waitpid(thread, status, __WALL | WNOHANG) != thread) {
    return Change::none;  // killed while it was stopped: its end will be seen soon
  }
  return WIFSTOPPED(*status) ? Change::stopped : Change::ended;
}

/// Says whether the signal ends a process by default and is not handled here.
bool Tracer::is_deadly(pid_t thread, int signal) const {
  if (signal == SIGKILL) {
    return true;
  }
  constexpr int harmless[] = {SIGCHLD, SIGCONT, SIGURG,  SIGWINCH,
                              SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
  if (std::ranges::find(harmless, signal) != std::end(harmless)) {
    return false;
  }
  for (const char* const field : {"SigIgn", "SigCgt"}) {
    const std::string set = status_of(process_, thread, field);
    if (!set.empty() && (std::stoull(set, nullptr, 16) >> (signal - 1) & 1) != 0) {
      return false;
    }
  }
  return true;
}

/// Lets a stopped thread go on, unless a signal is about to kill it.
bool Tracer::handle_stop(pid_t thread, int status) {
  const int event = status >> 16;
  int signal = event == 0 ? WSTOPSIG(status) : 0;
  if (signal != 0 && is_deadly(thread, signal)) {
    stopped_.insert(thread);
    signals_[thread] = signal;
    return true;
  }
  if (event == PTRACE_EVENT_STOP && WSTOPSIG(status) != SIGTRAP) {
    // A signal has stopped the whole process; keep it stopped until it is continued.
    ptrace(PTRACE_LISTEN, thread, nullptr, nullptr);
    return false;
  }
  // Fails only with ESRCH, when the thread has been killed meanwhile; its end is reported then.
  ptrace(PTRACE_CONT, thread, nullptr, signal);
  return false;
}

void Tracer::note_new_thread(pid_t thread, int status) {
  unsigned long created = 0;
  if (status >> 8 == (SIGTRAP | PTRACE_EVENT_CLONE << 8) &&
      ptrace(PTRACE_GETEVENTMSG, thread, nullptr, &created) == 0) {
    seized_.insert(static_cast<pid_t>(created));
  }
}

pid_t Tracer::run_to_fatal_signal(Clock::time_point deadline) {
  while (!seized_.empty()) {
    bool idle = true;
    for (const pid_t thread : std::set(seized_)) {
      int status = 0;
      const Change change = next_change(thread, &status);
      if (change == Change::none) {
        continue;
      }
      idle = false;
      if (change == Change::ended) {
        seized_.erase(thread);
        continue;
      }
      note_new_thread(thread, status);
      if (handle_stop(thread, status)) {
        return thread;
      }
    }
    if (idle) {
      if (Clock::now() > deadline) {
        return -1;
      }
      pause_between_looks();
    }
  }
  return 0;
}

void Tracer::stop_all() {
  const auto deadline = Clock::now() + time_to_stop;
  for (const pid_t thread : seized_) {
    if (!stopped_.contains(thread)) {
      // Fails only with ESRCH, when the thread has ended, which is seen below.
      ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr);
    }
  }
  while (stopped_ != seized_ && Clock::now() < deadline) {
    bool idle = true;
    for (const pid_t thread : std::set(seized_)) {
      int status = 0;
      const Change change = next_change(thread, &status);
      idle = idle && change == Change::none;
      if (change == Change::ended) {
        seized_.erase(thread);
        stopped_.erase(thread);
      } else if (change == Change::stopped) {
        note_new_thread(thread, status);
        stopped_.insert(thread);
        // A signal that came before the stop is delivered when the thread goes on.
        if (status >> 16 == 0) {
          signals_[thread] = WSTOPSIG(status);
        }
      }
    }
    if (idle) {
      pause_between_looks();
    }
  }
}

std::string refusal(pid_t process, int error) {
  return fmt::format("cannot trace process {}: {}{}", process, std::strerror(error),
                     error == EPERM ? ": it is traced already, or not this user's" : "");
}

using Stacks = tl::expected<std::vector<ThreadStack>, std::string>;

/// Runs the function on a thread of its own. When that thread ends, the kernel detaches all of its
/// tracees. There is no other way to detach tracees that run, or that have ended and would keep
/// their process from ending.
template <typename Function>
Stacks on_thread_of_its_own(Function function) {
  Stacks stacks;
  std::thread([&] { stacks = function(); }).join();
  return stacks;
}

Stacks take(pid_t process) {
  Tracer tracer(process);
  if (const int error = tracer.seize()) {
    return tl::unexpected(refusal(process, error));
  }
  tracer.stop_all();
  return tracer.stacks(process);
}

Stacks take_at_fatal_signal(pid_t process, const std::function<void()>& release, int timeout_ms) {
  Tracer tracer(process);
  if (const int error = tracer.seize()) {
    release();
    return tl::unexpected(refusal(process, error));
  }
  release();
  const auto deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
  for (;;) {
    const pid_t killed = tracer.run_to_fatal_signal(deadline);
    if (killed < 0) {
      kill(process, SIGKILL);  // not reaped yet, so the id is still its own
      return tl::unexpected(
          fmt::format("process {} still ran after {} ms, and was killed", process, timeout_ms));
    }
    if (killed == 0) {
      return std::vector<ThreadStack>{};
    }
    tracer.stop_all();
    if (tracer.has_stopped(killed)) {
      return tracer.stacks(killed);
    }
    // Another thread has executed a program just now, which ends this thread without its signal.
    tracer.resume();
  }
}

}  // namespace

tl::expected<std::vector<ThreadStack>, std::string> take_stacks(pid_t process) {
  return on_thread_of_its_own([&] { return take(process); });
}

tl::expected<std::vector<ThreadStack>, std::string> stacks_at_fatal_signal(
    pid_t process, const std::function<void()>& release, int timeout_ms) {
  return on_thread_of_its_own([&] { return take_at_fatal_signal(process, release, timeout_ms); });
}

}  // namespace heddle::inject
