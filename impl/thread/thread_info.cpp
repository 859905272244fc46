#include "thread/thread_info.hpp"

#include "heddle/slot.hpp"
#include "heddle/sys/fatal.hpp"
#include "heddle/testing/presets.hpp"
#include "heddle/thread/current.hpp"
#include "heddle/thread/stack_guard.hpp"
#include "heddle/thread/thread_local.hpp"

namespace heddle::thread {
namespace {

struct ThreadInfo {
  std::optional<sys::Guard> stack_guard;
  Thread thread;
  ~ThreadInfo();
};

// An ordinary LocalKey. Threads of the runtime set it before they run anything else, so it is
// registered first and destroyed last, and current() works in all other destructors.
HEDDLE_THREAD_LOCAL_CONST(THREAD_INFO, Slot<ThreadInfo>());

// The address of THREAD_INFO's value while there is one; the value does not move, and is not
// replaced. Lets a caller ask whether there is a value: asking THREAD_INFO itself would register
// its destructor, which may panic.
[[gnu::tls_model("initial-exec")]] constinit thread_local const ThreadInfo* known = nullptr;

ThreadInfo::~ThreadInfo() {
  known = nullptr;
}

void fill(Slot<ThreadInfo>& info, std::optional<sys::Guard> stack_guard, Thread thread) {
  known = &info.emplace_result_of([&] { return ThreadInfo{stack_guard, std::move(thread)}; });
}

// Makes the information. Out of line, so that a thread that has it already, as nearly all have,
// does not pay for this frame.
[[gnu::noinline]] const Thread* make_thread_info() {
  // If access is refused, it is too late, and there is nothing to do.
  static_cast<void>(THREAD_INFO.try_with(
      [](Slot<ThreadInfo>& info) { fill(info, std::nullopt, Thread::make(std::nullopt)); }));
  return thread_info_if_set();
}

}  // namespace

const Thread* thread_info() {
  return known == nullptr ? make_thread_info() : &known->thread;
}

const Thread* thread_info_if_set() noexcept {
  return known == nullptr ? nullptr : &known->thread;
}

std::optional<sys::Guard> stack_guard() noexcept {
  return known == nullptr ? std::nullopt : known->stack_guard;
}

void set_thread_info(std::optional<sys::Guard> stack_guard, Thread thread) {
  THREAD_INFO.with([&](Slot<ThreadInfo>& info) {
    if (info) {
      sys::fatal("the thread's information is set already: something used it before its start");
    }
    fill(info, stack_guard, std::move(thread));
  });
}

}  // namespace heddle::thread

namespace heddle::testing {

void set_thread_info_again() {
  thread::set_thread_info(std::nullopt, thread::current());
}

}  // namespace heddle::testing
