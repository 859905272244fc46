// The start and the end of a program whose main belongs to the runtime.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include "heddle/error.hpp"
#include "heddle/panic/catch_unwind.hpp"

namespace heddle::runtime {

/// Enables reports of stack overflows: standard error names the thread, and the process aborts. To
/// that end SIGSEGV and SIGBUS get handlers, each only if it still has the default action; any
/// other fault ends the process as it would without them. Also names the main thread "main":
/// current() shows this name, /proc does not.
///
/// Call it once, on the main thread, before anything else of the runtime is used there, or the
/// process ends with a message. Returns an error if the system refuses a signal stack; then nothing
/// has changed.
[[nodiscard]] std::optional<Error> init();

/// Gives back what init() took. Call it last on the main thread. An overflow in a thread that still
/// runs is no longer reported.
void cleanup();

namespace detail {
void init_or_die();
/// Drops the payload of main's panic and returns main's status.
int status_after(panic::Payload payload);
}  // namespace detail

/// Calls init(), `main` and cleanup(), for `int main() { return heddle::runtime::run(real_main);
/// }`. `main` takes nothing and returns a status, or nothing for status 0. After a panic the status
/// is 101. The process ends with a message if the system refuses a signal stack, or if the panic's
/// payload panics on drop. Rust's lang_start.
template <class Main>
int run(Main main) {
  detail::init_or_die();
  auto result = panic::catch_unwind(std::move(main));
  int status = 0;
  if (!result) {
    status = detail::status_after(std::move(result).error());
  } else if constexpr (!std::is_void_v<std::invoke_result_t<Main>>) {
    status = std::move(result).value();
  }
  cleanup();
  return status;
}

}  // namespace heddle::runtime
