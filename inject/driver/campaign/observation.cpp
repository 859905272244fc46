#include "campaign/observation.h"

#include <fmt/core.h>
#include <sys/wait.h>

#include <cstring>

namespace heddle::inject {

std::string describe_wait_status(int wait_status) {
  if (!WIFSIGNALED(wait_status)) {
    return fmt::format("exit status {}", WEXITSTATUS(wait_status));
  }
  const int signal = WTERMSIG(wait_status);
  const char* const name = sigabbrev_np(signal);
  return name != nullptr ? fmt::format("signal {} (SIG{})", signal, name)
                         : fmt::format("signal {}", signal);
}

}  // namespace heddle::inject
