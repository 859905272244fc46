// The handle of a thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "heddle/thread/thread_id.hpp"

namespace heddle::thread {

class Parker;

/// Refers to a thread: its number, its name, its parking token. Copies refer to the same thread,
/// and stay valid after it is gone. Thread-safe. Rust's Thread.
class Thread {
 public:
  /// Makes the handle of a thread to be started, with a number of its own. Panics if the name has a
  /// NUL inside, before a number is taken, or if there are no numbers left.
  static Thread make(std::optional<std::string> name);

  ThreadId id() const noexcept;
  /// Returns the whole name; nothing for a thread without one. Valid as long as any handle of the
  /// thread.
  std::optional<std::string_view> name() const noexcept;
  /// Makes the thread's present or next park return. Never blocks, and is harmless after the thread
  /// is gone. What happened before this call is visible to the thread when that park has returned.
  void unpark() const;

 private:
  struct Inner;
  friend void name_current_thread(const Thread& thread);
  friend Parker& parker_of(const Thread& thread) noexcept;

  explicit Thread(std::shared_ptr<Inner> inner) noexcept : inner_(std::move(inner)) {}

  std::shared_ptr<Inner> inner_;
};

}  // namespace heddle::thread
