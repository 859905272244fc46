// Signals that keep coming to a thread which waits.
#pragma once

#include <pthread.h>

#include <csignal>
#include <cstdint>
#include <limits>

#include "stage/kernel_thread.hpp"
#include "stage/stage.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {

/// Signals that come to a thread, each as soon as the thread sleeps again. They come from a thread
/// of the suite's own.
class SignalStorm {
 public:
  /// Begins to send signals, `most` of them, to the thread with this kernel number.
  explicit SignalStorm(std::int32_t target,
                       std::uint64_t most = std::numeric_limits<std::uint64_t>::max())
      : target_(target), most_(most) {
    struct sigaction quiet {};  // without SA_RESTART: the call ends with EINTR
    quiet.sa_handler = [](int) {};
    if (::sigaction(SIGUSR1, &quiet, nullptr) != 0 ||
        ::pthread_create(&sender_, nullptr, send, this) != 0) {
      internal_error("the machine takes no handler for SIGUSR1, or refuses the suite a thread");
    }
  }
  SignalStorm(const SignalStorm&) = delete;
  SignalStorm& operator=(const SignalStorm&) = delete;
  ~SignalStorm() {
    over_.set();
    // Cannot fail: the thread is joinable, and it is not the calling one.
    static_cast<void>(::pthread_join(sender_, nullptr));
  }

  /// Waits until that many signals have been sent.
  static void wait_for(Counter sent, std::uint64_t count) {
    while (sent.get() < count) {
      static_cast<void>(system_call(SYS_sched_yield));  // cannot fail on Linux
    }
  }
  Counter sent() const { return sent_; }

 private:
  static void* send(void* argument) {
    const auto& storm = *static_cast<SignalStorm*>(argument);
    const long process = system_call(SYS_getpid);
    // One signal comes in any case: somebody may wait for it, though the storm is over early.
    do {
      let_block(storm.target_);
      system_call(SYS_tgkill, process, storm.target_, SIGUSR1);  // the target is alive
      storm.sent_.add();
    } while (!storm.over_.is_set() && storm.sent_.get() < storm.most_);
    return nullptr;
  }

  std::int32_t target_;
  std::uint64_t most_;
  Signal over_;
  Counter sent_;
  pthread_t sender_{};
};

}  // namespace heddle::conformance
