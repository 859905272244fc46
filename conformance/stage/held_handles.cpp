#include "stage/held_handles.hpp"

#include <array>
#include <atomic>

namespace heddle::conformance {
namespace {

// Relaxed throughout: the slots publish nothing, and a stronger order would hide the subject's own
// races from ThreadSanitizer. The search for leaks reads them with all threads stopped.
std::array<std::atomic<void*>, 4096> slots{};
std::atomic<bool> overflowed = false;

// Replaces `from` by `to` in the first slot that has it.
bool replace_one(void* from, void* to) {
  for (std::atomic<void*>& slot : slots) {
    void* expected = from;
    if (slot.load(std::memory_order_relaxed) == from &&
        slot.compare_exchange_strong(expected, to, std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

}  // namespace

void hold_handle(void* handle) {
  if (handle != nullptr && !replace_one(nullptr, handle)) {
    overflowed.store(true, std::memory_order_relaxed);
  }
}

void release_handle(void* handle) {
  if (handle != nullptr) {
    static_cast<void>(replace_one(handle, nullptr));  // not there: there was no room for it
  }
}

bool all_handles_are_held() {
  return !overflowed.load(std::memory_order_relaxed);
}

}  // namespace heddle::conformance
