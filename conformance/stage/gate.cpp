#include "stage/gate.hpp"

#include <atomic>

#include "stage/kernel_thread.hpp"
#include "stage/stage_case.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

// Returns whether the gate holds a thread. Acquire pairs with the shim's release: what the held
// thread did before the call is visible here.
bool is_held() {
  return std::atomic_ref(rule_of_fault().held).load(std::memory_order_acquire) != 0;
}

}  // namespace

void wait_at_gate(std::int32_t kernel_thread_id) {
  // On its way a thread may sleep for a moment, such as for its allocator's lock. Only a thread
  // that is found asleep again and again has gone past the gate.
  constexpr int enough = 1000;
  // One that neither comes nor sleeps for so long waits by spinning.
  constexpr int most_looks = 20'000;
  int asleep = 0;
  for (int look = 0; look < most_looks && asleep < enough; ++look) {
    if (is_held()) {
      note("the gate holds a thread");
      return;
    }
    asleep = is_asleep(kernel_thread_id) ? asleep + 1 : 0;
    static_cast<void>(system_call(SYS_sched_yield));  // cannot fail on Linux
  }
  excuse("the runtime waits without the call that the gate stands before");
}

void open_gate() {
  note("the gate is opened");
  const std::atomic_ref released(rule_of_fault().released);
  // Release pairs with the shim's acquire: what was done here is visible to the thread that goes
  // on.
  released.store(UINT32_MAX, std::memory_order_release);
  static_cast<void>(system_call(SYS_futex, reinterpret_cast<long>(&rule_of_fault().released),
                                FUTEX_WAKE, INT32_MAX));
}

}  // namespace heddle::conformance
