#include "campaign/observation.hpp"

#include <fmt/core.h>
#include <sys/wait.h>

#include "program/signal_name.hpp"

namespace heddle::inject {

std::string describe_signal(int signal) {
  const auto name = signal_name(signal);
  return name ? fmt::format("signal {} ({})", signal, *name) : fmt::format("signal {}", signal);
}

std::string describe_wait_status(int wait_status) {
  return WIFSIGNALED(wait_status) ? describe_signal(WTERMSIG(wait_status))
                                  : fmt::format("exit status {}", WEXITSTATUS(wait_status));
}

}  // namespace heddle::inject
