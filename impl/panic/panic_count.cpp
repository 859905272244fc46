#include "panic/panic_count.hpp"

#include "heddle/panic/panic.hpp"

namespace heddle::panic {

detail::PanicCount& detail::panic_count() noexcept {
  constinit thread_local PanicCount count;
  return count;
}

bool panicking() noexcept {
  return detail::panic_count().unwinding != 0;
}

}  // namespace heddle::panic
