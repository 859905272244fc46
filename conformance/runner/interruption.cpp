#include "runner/interruption.hpp"

#include <csignal>

namespace heddle::conformance {
namespace {

volatile std::sig_atomic_t arrived = 0;

}  // namespace

void watch_for_interruption() {
  struct sigaction action {};
  action.sa_handler = [](int signal) { arrived = signal; };
  // No SA_RESTART: poll() returns, and the run ends with its report. Neither call can fail.
  static_cast<void>(::sigaction(SIGINT, &action, nullptr));
  static_cast<void>(::sigaction(SIGTERM, &action, nullptr));
}

int interrupting_signal() {
  return arrived;
}

}  // namespace heddle::conformance
