#include "heddle/panic/panic.hpp"

#include "heddle/panic/unwinding.hpp"
#include "heddle/result.hpp"
#include "heddle/sys/fatal.hpp"
#include "panic/panic_count.hpp"
#include "panic/run_hook.hpp"

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

namespace {

// Counts a panic that begins, and runs the hook. Kept out of the function that throws, whose frame
// must be small: the unwinder restores each register that the frame saves, twice.
[[gnu::noinline]] detail::PanicCount& announce(detail::Object* object, Location location) noexcept {
  detail::PanicCount& count = detail::panic_count();
  if (count.in_hook) {
    // Running the hook again would most likely end here again, so the panic's message is not shown.
    sys::fatal("thread panicked while processing panic. aborting.");
  }
  count.unwinding += 1;
  count.in_hook = true;
  Payload payload = Payload::from_raw(object);
  run_hook(payload, location);
  static_cast<void>(std::move(payload).into_raw());
  count.in_hook = false;
  if (count.unwinding > 1) {
    sys::fatal("thread panicked while panicking. aborting.");
  }
  return count;
}

}  // namespace

void detail::begin_panic(Object* payload, Location location) {
  PanicCount& count = announce(payload, location);
  throw Unwinding(payload, count);
}

void detail::resume_panic(Object* payload) {
  PanicCount& count = panic_count();
  count.unwinding += 1;
  throw Unwinding(payload, count);
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
