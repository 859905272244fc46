// Where panics end.
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

/// Calls `function` and returns the payload of the panic that left it, if one did. The payload is
/// moved out rather than rethrown later: an exception_ptr would double the cost.
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
#endif  // else not: what libc++ has caught of a forced unwind, it cannot pass on
  }
}

}  // namespace detail

/// Runs `function` once and returns its value, or the payload of the panic that it ended with. What
/// the function has captured is destroyed inside, so a panic of that is caught as well. A forced
/// unwind (pthread_exit, cancellation) passes through. An exception that is not a panic aborts the
/// process with a message; with libc++ only if it is a std::exception, or else it passes through as
/// well. Any thread, also while it is panicking. Rust's catch_unwind.
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
