// Alternate signal stacks: a handler of stack overflows needs memory when the thread's own stack is
// used up.
#pragma once

#include <cstddef>
#include <utility>

#include "heddle/error.hpp"
#include "heddle/result.hpp"

namespace heddle::sys {

/// Owns the memory of one alternate signal stack, above an inaccessible page; or owns nothing.
/// Knows nothing of the thread that uses it.
class SignalStack {
 public:
  SignalStack() = default;
  /// Returns a stack that another thread has given back, or else a new one. Returns an error if the
  /// system refuses mmap (ENOMEM; EAGAIN where memory is locked) or mprotect (ENOMEM), whatever the
  /// errno.
  static Result<SignalStack, Error> take();

  SignalStack(SignalStack&& other) noexcept : lowest_(std::exchange(other.lowest_, nullptr)) {}
  SignalStack& operator=(SignalStack&& other) noexcept {
    std::swap(lowest_, other.lowest_);
    return *this;
  }
  /// Keeps the memory for the next thread, or unmaps it if enough is kept already.
  ~SignalStack();

  explicit operator bool() const noexcept { return lowest_ != nullptr; }
  std::byte* lowest() const noexcept { return lowest_; }
  /// Returns the size in bytes of every such stack: what the system recommends, and at least what
  /// the kernel needs to save this machine's registers (AT_MINSIGSTKSZ).
  static std::size_t size() noexcept;
  /// Leaves the memory mapped for good: the kernel may still use it.
  void abandon() noexcept { lowest_ = nullptr; }

 private:
  explicit SignalStack(std::byte* lowest) noexcept : lowest_(lowest) {}

  std::byte* lowest_ = nullptr;
};

}  // namespace heddle::sys
