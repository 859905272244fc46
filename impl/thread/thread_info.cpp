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
};

// A LocalKey like everyone's. Threads of the runtime set it before they run anything else, so that
// it is registered first and destroyed last, and current() works in all other destructors.
HEDDLE_THREAD_LOCAL_CONST(THREAD_INFO, Slot<ThreadInfo>());

// The information never moves and is never replaced once it is set, so it can be handed out.
template <class Fill>
const ThreadInfo* find(Fill fill) {
  auto found = THREAD_INFO.try_with([&](Slot<ThreadInfo>& info) -> const ThreadInfo* {
    if (!info) {
      fill(info);
    }
    return info ? &*info : nullptr;
  });
  return found ? found.value() : nullptr;
}

}  // namespace

const Thread* thread_info() {
  const auto* const info = find([](Slot<ThreadInfo>& slot) {
    slot.emplace_result_of([] { return ThreadInfo{std::nullopt, Thread::make(std::nullopt)}; });
  });
  return info == nullptr ? nullptr : &info->thread;
}

const Thread* thread_info_if_set() noexcept {
  const auto* const info = find([](Slot<ThreadInfo>&) {});
  return info == nullptr ? nullptr : &info->thread;
}

std::optional<sys::Guard> stack_guard() noexcept {
  const auto* const info = find([](Slot<ThreadInfo>&) {});
  return info == nullptr ? std::nullopt : info->stack_guard;
}

void set_thread_info(std::optional<sys::Guard> stack_guard, Thread thread) {
  THREAD_INFO.with([&](Slot<ThreadInfo>& info) {
    if (info) {
      sys::fatal("the thread's information is set already: something used it before its start");
    }
    info.emplace(ThreadInfo{stack_guard, std::move(thread)});
  });
}

}  // namespace heddle::thread

namespace heddle::testing {

void set_thread_info_again() {
  thread::set_thread_info(std::nullopt, thread::current());
}

}  // namespace heddle::testing
