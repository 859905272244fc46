#include "heddle/panic/panic.hpp"

#include "heddle/result.hpp"
#include "heddle/sys/fatal.hpp"
#include "panic/panic_count.hpp"
#include "panic/run_hook.hpp"
#include "panic/throw_payload.hpp"

namespace heddle::panic {

std::optional<std::string_view> Payload::text() const noexcept {
  if (const auto* literal = downcast_ref<std::string_view>()) {
    return *literal;
  }
  if (const auto* owned = downcast_ref<std::string>()) {
    return *owned;
  }
  return std::nullopt;
}

void panic_with(Payload payload, Location location) {
  PanicCount& count = panic_count();
  if (count.in_hook) {
    // Calling the hook again would most likely end here again, so not even the message is shown.
    sys::fatal("thread panicked while processing panic. aborting.");
  }
  count.unwinding += 1;
  count.in_hook = true;
  run_hook(payload, location);
  count.in_hook = false;
  if (count.unwinding > 1) {
    sys::fatal("thread panicked while panicking. aborting.");
  }
  throw_payload(std::move(payload));
}

}  // namespace heddle::panic

namespace heddle::detail {

void panic_no_value() {
  panic::panic("asked a Result that holds an error for its value");
}

void panic_no_error() {
  panic::panic("asked a Result that holds a value for its error");
}

}  // namespace heddle::detail
