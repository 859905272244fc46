#include "heddle/thread/thread_local_key.hpp"

#include "heddle/panic/panic.hpp"
#include "heddle/sys/fatal.hpp"

namespace heddle::thread {
namespace {

[[noreturn]] void panic_no_key(const Error& error) {
  panic::panic("failed to create a key for a thread local: " + error.message());
}

sys::key::Key create_or_panic(void (*destructor)(void*)) {
  auto key = sys::key::create(destructor);
  if (!key) {
    panic_no_key(key.error());
  }
  return key.value();
}

// Creates a key with another number than `reserved`. The system may give zero to its first key;
// while that key exists, the next one gets another number.
sys::key::Key create_other_than(sys::key::Key reserved, void (*destructor)(void*)) {
  const sys::key::Key first = create_or_panic(destructor);
  if (first != reserved) {
    return first;
  }
  auto second = sys::key::create(destructor);
  sys::key::destroy(first);
  if (!second) {
    panic_no_key(second.error());
  }
  return second.value();
}

}  // namespace

sys::key::Key StaticKey::lazy_init() {
  const sys::key::Key ours = create_other_than(none, destructor_);
  if (ours == none) {
    sys::fatal("the system has given two keys the same number");
  }
  // Change none to ours, with release. If another thread was faster, acquire what it published.
  sys::key::Key theirs = none;
  if (key_.compare_exchange_strong(theirs, ours, std::memory_order_release,
                                   std::memory_order_acquire)) {
    return ours;
  }
  sys::key::destroy(ours);  // no other thread has seen it
  return theirs;
}

Key::Key(void (*destructor)(void*)) : key_(create_or_panic(destructor)) {}

}  // namespace heddle::thread
