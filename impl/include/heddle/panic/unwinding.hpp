// The exception that a panic is.
#pragma once

#include <utility>

#include "heddle/panic/payload.hpp"

namespace heddle::panic::detail {

struct PanicCount;

/// Thrown by panics, and caught by catch_unwind alone. What others catch they must rethrow, on the
/// thread that it was thrown on: the thread is panicking until catch_unwind has the payload.
///
/// An exception of C++ rather than a foreign one of an own class: libstdc++ ends the process when a
/// foreign exception is caught inside of another catch clause, and a raise of our own saves no
/// time.
class Unwinding {
 public:
  /// Owns `payload`. The calling thread's panic has been counted in `count`.
  Unwinding(Object* payload, PanicCount& count) noexcept : payload_(payload), count_(count) {}
  Unwinding(const Unwinding&) = delete;
  Unwinding& operator=(const Unwinding&) = delete;
  /// Aborts with a message when nobody has taken the payload: a catch clause has ended that neither
  /// rethrew nor was catch_unwind's.
  ~Unwinding();

  /// Ends the panic. Aborts with a message when another thread has begun it.
  Payload take() noexcept;

 private:
  Object* payload_;  // null when it was taken
  PanicCount& count_;
};

/// Aborts: catch_unwind has met an exception that is not a panic.
[[noreturn]] void abort_for_exception(const char* what) noexcept;

/// In a catch clause: passes a forced unwind on, and aborts for anything else.
[[noreturn]] void pass_on_or_abort();

}  // namespace heddle::panic::detail
