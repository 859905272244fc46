// The exception that carries a panic.
#pragma once

#include <utility>

#include "heddle/panic/payload.hpp"

namespace heddle::panic::detail {

struct PanicCount;

/// Thrown by panics, and ended by catch_unwind alone. Any other catch clause must rethrow it, on
/// the same thread: a thread counts as panicking until catch_unwind has the payload.
///
/// A C++ exception rather than a foreign one: libstdc++ ends the process when a foreign exception
/// is caught inside another catch clause, and raising one ourselves would save no time.
class Unwinding {
 public:
  /// Takes over `payload`. The caller has counted the panic in `count`, the calling thread's.
  Unwinding(Object* payload, PanicCount& count) noexcept : payload_(payload), count_(count) {}
  Unwinding(const Unwinding&) = delete;
  Unwinding& operator=(const Unwinding&) = delete;
  /// Aborts with a message if the payload was never taken: a catch clause has swallowed the panic.
  ~Unwinding();

  /// Ends the panic and returns its payload. Aborts with a message if another thread began the
  /// panic.
  Payload take() noexcept;

 private:
  Object* payload_;  // null when it was taken
  PanicCount& count_;
};

/// Aborts: catch_unwind has met an exception that is not a panic.
[[noreturn]] void abort_for_exception(const char* what) noexcept;

/// Rethrows a forced unwind, and aborts for any other exception. Call it in a catch clause.
[[noreturn]] void pass_on_or_abort();

}  // namespace heddle::panic::detail
