#include "heddle/thread/scope_data.hpp"

#include "heddle/panic/panic.hpp"
#include "heddle/sys/annotations.hpp"
#include "heddle/testing/presets.hpp"
#include "heddle/thread/park.hpp"
#include "heddle/thread/scope.hpp"

namespace heddle::thread {

void ScopeData::increment_num_running_threads() {
  if (num_running_threads_.fetch_add(1, std::memory_order_relaxed) > maximum_threads) {
    decrement_num_running_threads(false);
    panic::panic("too many running threads in thread scope");
  }
}

void ScopeData::decrement_num_running_threads(bool panic) {
  if (panic) {
    sys::annotations::shares(a_thread_panicked_);
    a_thread_panicked_.store(true, std::memory_order_relaxed);
  }
  sys::annotations::releases(&num_running_threads_);
  if (num_running_threads_.fetch_sub(1, std::memory_order_release) == 1) {
    main_thread_.unpark();
  }
}

void ScopeData::wait_until_done() const {
  while (num_running_threads_.load(std::memory_order_acquire) != 0) {
    park();  // may return for an unpark from elsewhere
  }
  sys::annotations::acquires(&num_running_threads_);
}

}  // namespace heddle::thread

namespace heddle::testing {

void set_running_threads(const thread::Scope& scope, std::size_t count) {
  scope.data_->preset_num_running_threads(count);
}

}  // namespace heddle::testing
