#include "heddle/thread/local_key.hpp"

#include "heddle/panic/catch_unwind.hpp"
#include "heddle/panic/panic.hpp"
#include "heddle/sys/fatal.hpp"
#include "heddle/thread/destroy_or_abort.hpp"

namespace heddle::thread {

void detail::panic_no_access() {
  panic::panic(
      "cannot access a Thread Local Storage value during or after destruction: already destroyed");
}

void detail::destroy_or_abort(void (*destroy)(void*), void* object) {
  if (panic::detail::catch_panic([&] { destroy(object); })) {
    // Below are libc's frames only, which no panic can cross.
    sys::fatal("thread local panicked on drop");
  }
}

}  // namespace heddle::thread
