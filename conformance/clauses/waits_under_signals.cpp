// Waits of a thread to which signals keep coming: none ends without its reason. The signals are
// real ones, so a runtime may wait by any call.
#include <pthread.h>

#include <csignal>

#include "stage/kernel_thread.hpp"
#include "stage/stage.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

// Signals that come to a thread, each as soon as the thread sleeps again. They come from a thread
// of the suite's own.
class SignalStorm {
 public:
  /// Begins to send signals to the thread with this kernel number.
  explicit SignalStorm(std::int32_t target) : target_(target) {
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
    while (!storm.over_.is_set()) {
      let_block(storm.target_);
      system_call(SYS_tgkill, process, storm.target_, SIGUSR1);  // the target is alive
      storm.sent_.add();
    }
    return nullptr;
  }

  std::int32_t target_;
  Signal over_;
  Counter sent_;
  pthread_t sender_{};
};

constexpr std::uint64_t enough_signals = 20;

const auto join_outlasts_signals =
    clause("JOIN-332")
        .must("Signals do not end a join before the thread has ended.")
        .source(
            "heddle/subject.h, heddle_spawning.join; "
            "Rust documentation, std::thread::JoinHandle::join; "
            "POSIX.1-2017, pthread_join",
            "Eats the join handle and waits for the thread.")
        .needs({Feature::spawn, Feature::join})
        .example([] {
          const SignalStorm storm(kernel_thread_id());
          const Counter ended;
          const JoinHandle thread = spawn([ended, sent = storm.sent()] {
            SignalStorm::wait_for(sent, enough_signals);
            ended.add();
            return returns();
          });
          static_cast<void>(join(thread));
          expect_equal(ended.get(), 1, "how many bodies have ended when join returns");
        });

const auto scope_outlasts_signals =
    clause("SCOPE-331")
        .must("Signals do not end a scope before its threads have ended.")
        .source(
            "heddle/subject.h, heddle_scopes.scope; "
            "Rust documentation, std::thread::scope",
            "Runs the body with the scope as `argument`, then waits for every thread spawned in "
            "it.")
        .needs({Feature::scope, Feature::scope_drop})
        .example([] {
          const SignalStorm storm(kernel_thread_id());
          const Counter ended;
          const Outcome outcome =
              scope(closure("scope's body", [ended, sent = storm.sent()](Scope inside) {
                detach(spawn(inside, closure("scoped", [=] {
                               SignalStorm::wait_for(sent, enough_signals);
                               ended.add();
                               return returns();
                             })));
                return returns();
              }));
          expect(outcome, returned());
          expect_equal(ended.get(), 1, "how many bodies have ended when the scope returns");
        });

}  // namespace
}  // namespace heddle::conformance
