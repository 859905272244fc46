#include "process/inherited_state.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace heddle::inject {
namespace {

/// The signals by which a terminal or a supervisor ends or stops a job.
constexpr std::array job_signals{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU};

/// Soft limits that stay as they are. Nobody needs a core dump; and the stack's limit decides where
/// the kernel lays out memory, and ends a recursion.
constexpr std::array kept_limits{RLIMIT_CORE, RLIMIT_STACK};

struct InheritedState {
  bool known = false;
  sigset_t mask{};
  std::array<bool, NSIG> ignored{};  // exec turns every other action into the default
  std::array<rlimit, RLIMIT_NLIMITS> limits{};
};

InheritedState inherited;

bool is_job_signal(int signal) {
  return std::ranges::find(job_signals, signal) != job_signals.end();
}

bool is_kept(int limit) {
  return std::ranges::find(kept_limits, limit) != kept_limits.end();
}

void set_action(int signal, bool ignored) {
  struct sigaction action {};
  action.sa_handler = ignored ? SIG_IGN : SIG_DFL;
  sigaction(signal, &action, nullptr);
}

/// Opens descriptors 0 to 2 where they are closed, for their path alone: they fail every read and
/// write with EBADF, as closed ones do, and need no device. open() takes the lowest free number.
void occupy_standard_descriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) < 0) {
      static_cast<void>(open("/", O_PATH | O_CLOEXEC));
    }
  }
}

void take_signals() {
  sigset_t none;
  sigemptyset(&none);
  // Actions first: a pending signal acts as soon as it is unblocked.
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action {};
    // Fails for the two signals that libc keeps to itself.
    if (sigaction(signal, nullptr, &action) != 0) {
      continue;
    }
    const bool ignored = action.sa_handler == SIG_IGN;
    inherited.ignored.at(static_cast<unsigned>(signal)) = ignored;
    if (signal == SIGXFSZ || (ignored && !is_job_signal(signal))) {
      set_action(signal, signal == SIGXFSZ);
    }
  }
  sigprocmask(SIG_SETMASK, &none, &inherited.mask);
}

void raise_limits() {
  for (int limit = 0; limit < RLIMIT_NLIMITS; ++limit) {
    rlimit& found = inherited.limits.at(static_cast<unsigned>(limit));
    getrlimit(static_cast<__rlimit_resource>(limit), &found);
    if (!is_kept(limit) && found.rlim_cur != found.rlim_max) {
      const rlimit raised{found.rlim_max, found.rlim_max};
      // Raising a soft limit is allowed; if a security module objects, the limit stays as it is.
      setrlimit(static_cast<__rlimit_resource>(limit), &raised);
    }
  }
}

}  // namespace

void enter_known_state() {
  occupy_standard_descriptors();
  take_signals();
  raise_limits();
  inherited.known = true;
}

void restore_inherited_state() {
  if (!inherited.known) {
    return;
  }
  const int error = errno;
  for (int limit = 0; limit < RLIMIT_NLIMITS; ++limit) {
    if (!is_kept(limit)) {
      setrlimit(static_cast<__rlimit_resource>(limit),
                &inherited.limits.at(static_cast<unsigned>(limit)));
    }
  }
  for (int signal = 1; signal < NSIG; ++signal) {
    set_action(signal, inherited.ignored.at(static_cast<unsigned>(signal)));
  }
  sigprocmask(SIG_SETMASK, &inherited.mask, nullptr);
  errno = error;
}

}  // namespace heddle::inject
