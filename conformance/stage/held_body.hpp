// A body that ends when it is told to, on a thread whose end can be awaited.
#pragma once

#include "stage/kernel_thread.hpp"
#include "stage/signal.hpp"
#include "stage/threads.hpp"
#include "stage/value.hpp"

namespace heddle::conformance {

/// A body for one thread. An object of this type is a reference, and may be copied into any
/// closure.
class HeldBody {
 public:
  explicit HeldBody(Ending ending = returns())
      : closure_(held(ending, may_end_, began_, kernel_thread_)) {}

  const Closure& closure() const { return closure_; }

  /// Lets the body end.
  void release() const { may_end_.set(); }

  /// Waits until the body runs.
  void wait_until_it_runs() const { began_.wait(); }

  /// Lets the body end, and waits until its thread has ended. Returns true when the kernel thread
  /// is gone, false when it idles because the runtime keeps it.
  bool run_to_its_end() const {
    release();
    wait_until_it_runs();
    return let_end(kernel_thread_.get());
  }

  /// Lets the body end, and returns once its kernel thread is gone. Ends the case without a verdict
  /// where the runtime keeps the kernel thread.
  void run_until_gone() const {
    if (!run_to_its_end()) {
      excuse_kept_threads();
    }
  }

 private:
  static Closure held(Ending ending, Signal may_end, Signal began,
                      SharedNumber<pid_t> kernel_thread) {
    return heddle::conformance::closure("body", [=] {
      kernel_thread.set(kernel_thread_id());
      began.set();  // pairs with wait_until_it_runs(), which then sees the number
      may_end.wait();
      return ending;
    });
  }

  Signal may_end_;
  Signal began_;
  SharedNumber<pid_t> kernel_thread_;
  Closure closure_;
};

}  // namespace heddle::conformance
