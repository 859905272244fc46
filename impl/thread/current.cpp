#include "heddle/thread/current.hpp"

#include "heddle/panic/panic.hpp"
#include "heddle/sys/native_thread.hpp"
#include "heddle/thread/park.hpp"
#include "heddle/thread/sleep.hpp"
#include "sys/sleep.hpp"
#include "thread/parker.hpp"
#include "thread/thread_access.hpp"
#include "thread/thread_info.hpp"

namespace heddle::thread {

// The handle can be lent, since only the calling thread itself can destroy its information.
const Thread& current() {
  const Thread* const thread = thread_info();
  if (thread == nullptr) {
    panic::panic(
        "use of heddle::thread::current() is not possible after the thread's local data has been "
        "destroyed");
  }
  return *thread;
}

void park() {
  parker_of(current()).park();
}

void park_timeout(Duration timeout) {
  parker_of(current()).park_timeout(timeout);
}

void sleep(Duration duration) {
  sys::sleep(duration);
}

void yield_now() {
  sys::NativeThread::yield_now();
}

}  // namespace heddle::thread
