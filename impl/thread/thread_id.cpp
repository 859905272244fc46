#include "heddle/thread/thread_id.hpp"

#include <limits>
#include <mutex>

#include "heddle/panic/panic.hpp"
#include "heddle/testing/presets.hpp"

namespace heddle::thread {
namespace {

constinit std::mutex guard;
constinit std::uint64_t counter = 1;  // the next thread's number; under `guard`

}  // namespace

ThreadId ThreadId::next() {
  std::unique_lock lock(guard);
  if (counter == std::numeric_limits<std::uint64_t>::max()) {
    // Unlock first: the panic hook may need an id, too.
    lock.unlock();
    panic::panic("failed to generate unique thread ID: bitspace exhausted");
  }
  return ThreadId(counter++);
}

}  // namespace heddle::thread

namespace heddle::testing {

void set_next_thread_id(std::uint64_t id) {
  const std::lock_guard lock(thread::guard);
  thread::counter = id;
}

}  // namespace heddle::testing
