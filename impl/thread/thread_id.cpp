#include "heddle/thread/thread_id.hpp"

#include <atomic>
#include <limits>

#include "heddle/panic/panic.hpp"
#include "heddle/sys/annotations.hpp"
#include "heddle/testing/presets.hpp"

namespace heddle::thread {
namespace {

// The next thread's number. Not under a lock: a thread that holds one does not exist in a forked
// child, where nobody would let it go.
constinit std::atomic<std::uint64_t> counter{1};

}  // namespace

ThreadId ThreadId::next() {
  // Relaxed: a number publishes nothing but itself, and each is given out by one exchange.
  std::uint64_t id = counter.load(std::memory_order_relaxed);
  do {
    if (id == std::numeric_limits<std::uint64_t>::max()) {
      panic::panic("failed to generate unique thread ID: bitspace exhausted");
    }
  } while (!counter.compare_exchange_weak(id, id + 1, std::memory_order_relaxed));
  return ThreadId(id);
}

}  // namespace heddle::thread

namespace heddle::testing {

void set_next_thread_id(std::uint64_t id) {
  sys::annotations::shares(thread::counter);
  thread::counter.store(id, std::memory_order_relaxed);
}

}  // namespace heddle::testing
