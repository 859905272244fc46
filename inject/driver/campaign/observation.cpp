#include "campaign/observation.hpp"

#include <fmt/core.h>
#include <sys/wait.h>

#include <cstring>

namespace heddle::inject {

std::string describe_signal(int signal) {
  const char* const name = sigabbrev_np(signal);
  return name != nullptr ? fmt::format("signal {} (SIG{})", signal, name)
                         : fmt::format("signal {}", signal);
}

std::string describe_wait_status(int wait_status) {
  return WIFSIGNALED(wait_status) ? describe_signal(WTERMSIG(wait_status))
                                  : fmt::format("exit status {}", WEXITSTATUS(wait_status));
}

}  // namespace heddle::inject
