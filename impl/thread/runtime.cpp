#include "heddle/runtime.hpp"

#include "heddle/sys/fatal.hpp"
#include "sys/stack_overflow.hpp"
#include "thread/thread_info.hpp"

namespace heddle::runtime {

std::optional<Error> init() {
  if (auto error = sys::stack_overflow::init()) {
    return error;
  }
  const auto guard =
      sys::stack_overflow::is_reported() ? sys::guard::init() : std::optional<sys::Guard>();
  sys::stack_overflow::watch(guard, "main");
  thread::set_thread_info(guard, thread::Thread::make("main"));
  return std::nullopt;
}

void cleanup() {
  sys::stack_overflow::cleanup();
}

namespace detail {

void init_or_die() {
  if (const auto error = init()) {
    sys::fatal("the runtime cannot start: " + error->message());
  }
}

int status_after(panic::Payload payload) {
  constexpr int panicked = 101;  // Rust's
  const auto dropped = panic::catch_unwind([&] { const panic::Payload last = std::move(payload); });
  if (dropped.has_error()) {
    sys::fatal("the payload of main's panic panicked on drop");
  }
  return panicked;
}

}  // namespace detail
}  // namespace heddle::runtime
