#include "runner/default_state.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace heddle::conformance {
namespace {

constexpr rlim_t default_stack = rlim_t{8} << 20;
constexpr rlim_t default_open_files = 1024;

// Sets a limit, as far as the system allows. The machine check has found that to be enough.
void set_limit(int resource, rlim_t wanted) {
  const auto which = static_cast<__rlimit_resource>(resource);
  rlimit limits{};
  if (::getrlimit(which, &limits) == 0) {
    limits.rlim_cur = std::min(wanted, limits.rlim_max);
    static_cast<void>(::setrlimit(which, &limits));
  }
}

void reset_limits() {
  for (const int resource : {RLIMIT_AS, RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_LOCKS,
                             RLIMIT_MEMLOCK, RLIMIT_NPROC, RLIMIT_SIGPENDING}) {
    set_limit(resource, RLIM_INFINITY);
  }
  set_limit(RLIMIT_STACK, default_stack);
  set_limit(RLIMIT_NOFILE, default_open_files);
  set_limit(RLIMIT_CORE, 0);
}

void reset_signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) {
    static_cast<void>(::sigaction(signal, &action, nullptr));  // fails for those of libc's own
  }
  sigset_t none;
  sigemptyset(&none);
  static_cast<void>(::sigprocmask(SIG_SETMASK, &none, nullptr));
}

// Opens an empty input. Without /dev, an empty file serves as well.
int empty_input() {
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  return null >= 0 ? null : ::memfd_create("heddle-input", MFD_CLOEXEC);
}

}  // namespace

void enter_default_state(int output) {
  reset_limits();
  reset_signals();
  // `output` and the new input are above 2, since the suite's own descriptors 0 to 2 are open.
  static_cast<void>(::dup2(empty_input(), STDIN_FILENO));
  static_cast<void>(::dup2(output, STDOUT_FILENO));
  static_cast<void>(::dup2(output, STDERR_FILENO));
  // All other inherited descriptors close at the execution: a subject that writes to a number which
  // it has closed could otherwise reach another program's pipe. Before Linux 5.11 they stay open.
  static_cast<void>(::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC));
}

}  // namespace heddle::conformance
