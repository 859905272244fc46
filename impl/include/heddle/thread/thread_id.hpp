// Numbers that tell threads apart.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace heddle::thread {

/// Identifies a thread within the process: never zero, and never reused, even after the thread is
/// gone. Rust's ThreadId.
class ThreadId {
 public:
  /// Returns the next number. Panics when all have been given out; the lock is free again then. Can
  /// be called on any thread.
  static ThreadId next();

  std::uint64_t as_u64() const noexcept { return number_; }
  friend auto operator<=>(ThreadId, ThreadId) = default;

 private:
  explicit ThreadId(std::uint64_t number) noexcept : number_(number) {}

  std::uint64_t number_;
};

}  // namespace heddle::thread

template <>
struct std::hash<heddle::thread::ThreadId> {
  std::size_t operator()(heddle::thread::ThreadId id) const noexcept {
    return std::hash<std::uint64_t>()(id.as_u64());
  }
};
