// The start and the end of a program whose main belongs to the runtime.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include "heddle/error.hpp"
#include "heddle/panic/catch_unwind.hpp"

namespace heddle::runtime {

/// Names the main thread "main", for the runtime though not for the kernel, and has overflows of
/// stacks reported: standard error says which thread, and the process aborts. SIGSEGV and SIGBUS
/// get handlers for that, each only where nobody has changed the default; every other fault ends
/// the process as it does without.
///
/// On the main thread, once, before anything of the runtime is used there, else the process ends
/// with a message. The error is the system's refusal of a signal stack; nothing has changed then.
[[nodiscard]] std::optional<Error> init();

/// Gives back what init took, on the main thread, as its last act. Threads that still run are not
/// reported on any more.
void cleanup();

namespace detail {
void init_or_die();
/// Drops the payload of main's panic, and answers main's status.
int status_after(panic::Payload payload);
}  // namespace detail

/// init, `main`, cleanup: for `int main() { return heddle::runtime::run(real_main); }`. `main`
/// takes nothing and returns a status, or nothing for 0; after a panic the status is 101. Without a
/// signal stack, or when the panic's payload panics on drop, the process ends with a message.
/// Rust's lang_start.
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
