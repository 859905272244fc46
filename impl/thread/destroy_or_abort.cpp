#include "heddle/thread/destroy_or_abort.hpp"

#include "heddle/panic/catch_unwind.hpp"
#include "heddle/sys/fatal.hpp"

namespace heddle::thread {

void detail::destroy_or_abort(void (*destroy)(void*), void* object) {
  if (panic::detail::catch_panic([&] { destroy(object); })) {
    // The callers are libc's frames, which no panic can cross.
    sys::fatal("thread local panicked on drop");
  }
}

}  // namespace heddle::thread
