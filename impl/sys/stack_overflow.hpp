// Saying which thread has overflowed its stack, rather than dying of a bare SIGSEGV.
#pragma once

#include <optional>
#include <string_view>

#include "heddle/error.hpp"
#include "heddle/result.hpp"
#include "heddle/sys/stack_guard.hpp"
#include "sys/signal_stack.hpp"

namespace heddle::sys::stack_overflow {

/// Installs the handlers of SIGSEGV and SIGBUS, each only where nobody has changed the default, and
/// gives the main thread a stack to run them on. If there is no handler to install, nothing
/// happens. On the main thread, before others are started. The error is that of SignalStack::take;
/// nothing has changed then.
[[nodiscard]] std::optional<Error> init();

/// Takes back what init did: the main thread's signal stack, and the handlers where they are still
/// ours. On the main thread.
void cleanup();

/// The signal stack for a thread to come: an empty one where nothing is reported.
Result<SignalStack, Error> make_signal_stack();

/// While it lives, the calling thread runs signal handlers on `stack`, unless it has another one
/// already, which is left alone. Where the system refuses (sigaltstack, whatever its errno), the
/// thread runs on without reports. Rust's Handler.
class Handler {
 public:
  explicit Handler(SignalStack stack);
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  /// The thread has no signal stack from then on, nor reports.
  ~Handler();

 private:
  SignalStack stack_;
};

/// Whether the calling thread has what its handler needs, so that it is worth saying watch().
bool is_reported() noexcept;

/// From now on a fault inside of `guard` on the calling thread is reported as the overflow of the
/// thread with that name, which must stay as long as the Handler does. Without a guard, or without
/// a Handler, nothing is.
void watch(const std::optional<Guard>& guard, std::optional<std::string_view> name) noexcept;

}  // namespace heddle::sys::stack_overflow
