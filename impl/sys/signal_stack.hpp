// Memory for signal handlers to run on, since a thread that has used up its own stack has none.
#pragma once

#include <cstddef>
#include <utility>

#include "heddle/error.hpp"
#include "heddle/result.hpp"

namespace heddle::sys {

/// Owns the memory of one alternate signal stack, below which lies a page that nobody can touch; or
/// nothing. Knows nothing of the thread that uses it.
class SignalStack {
 public:
  SignalStack() = default;
  /// One that a thread has given back, or else a new one. The error is the system's refusal: mmap
  /// (ENOMEM; EAGAIN where memory is locked) or mprotect (ENOMEM), whatever its errno.
  static Result<SignalStack, Error> take();

  SignalStack(SignalStack&& other) noexcept : lowest_(std::exchange(other.lowest_, nullptr)) {}
  SignalStack& operator=(SignalStack&& other) noexcept {
    std::swap(lowest_, other.lowest_);
    return *this;
  }
  /// Keeps the memory for the next thread, or unmaps it when enough is kept already.
  ~SignalStack();

  explicit operator bool() const noexcept { return lowest_ != nullptr; }
  std::byte* lowest() const noexcept { return lowest_; }
  /// In bytes, the same for all: what the system recommends, and no less than the kernel needs to
  /// save this machine's registers (AT_MINSIGSTKSZ).
  static std::size_t size() noexcept;
  /// Leaves the memory mapped for good: the kernel may still use it.
  void abandon() noexcept { lowest_ = nullptr; }

 private:
  explicit SignalStack(std::byte* lowest) noexcept : lowest_(lowest) {}

  std::byte* lowest_ = nullptr;
};

}  // namespace heddle::sys
