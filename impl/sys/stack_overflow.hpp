// Reports of stack overflows, which name the thread before the process dies.
#pragma once

#include <optional>
#include <string_view>

#include "heddle/error.hpp"
#include "heddle/result.hpp"
#include "heddle/sys/stack_guard.hpp"
#include "sys/signal_stack.hpp"

namespace heddle::sys::stack_overflow {

/// Installs handlers of SIGSEGV and SIGBUS, each only if the signal still has the default action,
/// and gives the main thread a stack to run them on. Does nothing if there is no handler to
/// install. Call it on the main thread, before other threads are started. Returns an error of
/// SignalStack::take(); then nothing has changed.
[[nodiscard]] std::optional<Error> init();

/// Takes back what init() did: the main thread's signal stack, and the handlers if they are still
/// ours. Call it on the main thread.
void cleanup();

/// Returns a signal stack for a thread to be started; an empty one if overflows are not reported.
Result<SignalStack, Error> make_signal_stack();

/// Has the calling thread run signal handlers on `stack` until this object dies. A signal stack
/// that the thread has already is left alone. If the system refuses (sigaltstack, whatever its
/// errno), the thread runs on without reports. Rust's Handler.
class Handler {
 public:
  explicit Handler(SignalStack stack);
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  /// Takes the signal stack away; the thread's overflows are no longer reported.
  ~Handler();

 private:
  SignalStack stack_;
};

/// Returns whether the calling thread has a signal stack for the handler, so that watch() has an
/// effect.
bool is_reported() noexcept;

/// From now on reports a fault inside `guard` on the calling thread as the overflow of the thread
/// with this name. The name's text must live as long as the Handler. Without a guard or a Handler,
/// reports nothing.
void watch(const std::optional<Guard>& guard, std::optional<std::string_view> name) noexcept;

}  // namespace heddle::sys::stack_overflow
