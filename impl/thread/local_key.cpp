#include "heddle/thread/local_key.hpp"

#include "heddle/panic/panic.hpp"

namespace heddle::thread {

void detail::panic_no_access() {
  panic::panic(
      "cannot access a Thread Local Storage value during or after destruction: already destroyed");
}

}  // namespace heddle::thread
