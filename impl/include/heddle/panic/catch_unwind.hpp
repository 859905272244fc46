// catch_unwind: the place where panics end.
#pragma once

#include <exception>
#include <type_traits>
#include <utility>
#include <variant>

#include "heddle/panic/payload.hpp"
#include "heddle/panic/unwinding.hpp"
#include "heddle/result.hpp"

namespace heddle::panic {

namespace detail {

/// Calls `function` and returns the payload if it panics, else nothing. The payload is moved out
/// rather than rethrown later: an exception_ptr would double the cost.
template <class Function>
Slot<Payload> catch_panic(Function&& function) {
  try {
    std::forward<Function>(function)();
    return {};
  } catch (Unwinding& unwinding) {
    return Slot<Payload>(unwinding.take());
  } catch (const std::exception& foreign) {
    abort_for_exception(foreign.what());
#ifdef __GLIBCXX__
  } catch (...) {
    pass_on_or_abort();
#endif  // libc++ has no such clause: it could not pass on a forced unwind that it caught
  }
}

}  // namespace detail

/// Runs `function` once and returns its value, or the payload of its panic. The function's captures
/// are destroyed inside, so their panics are caught, too. A forced unwind (pthread_exit,
/// cancellation) passes through. Any other exception aborts the process with a message; with
/// libc++, one that is no std::exception passes through instead. Can be called on any thread, even
/// on one that is panicking. Rust's catch_unwind.
template <class Function>
Result<std::invoke_result_t<Function>, Payload> catch_unwind(Function function) {
  using Value = std::invoke_result_t<Function>;
  Slot<heddle::detail::Stored<Value>> value;
  Slot<Payload> payload = detail::catch_panic([&] {
    Function once = std::move(function);
    if constexpr (std::is_void_v<Value>) {
      std::move(once)();
      value.emplace({});
    } else {
      value.emplace_result_of(std::move(once));
    }
  });
  if (payload) {
    return payload.take();
  }
  return value.take();
}

}  // namespace heddle::panic
