// The handle of a thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "heddle/thread/thread_id.hpp"

namespace heddle::thread {

class Parker;

/// Refers to a thread: its number, its name, its parking token. Copies refer to the same thread and
/// stay good when it is gone. Thread-safe. Rust's Thread.
class Thread {
 public:
  /// A handle for a thread that is to come, with a number of its own. Panics when the name has a
  /// NUL inside, before a number is taken, and when there are no numbers left.
  static Thread make(std::optional<std::string> name);

  ThreadId id() const noexcept;
  /// The name in full; none for a thread without one. Valid as long as any handle of the thread.
  std::optional<std::string_view> name() const noexcept;
  /// Makes the thread's next or present park return. Never blocks, and is harmless when the thread
  /// is gone. What happened before is visible to the thread when that park has returned.
  void unpark() const;

 private:
  struct Inner;
  friend void name_current_thread(const Thread& thread);
  friend Parker& parker_of(const Thread& thread) noexcept;

  explicit Thread(std::shared_ptr<Inner> inner) noexcept : inner_(std::move(inner)) {}

  std::shared_ptr<Inner> inner_;
};

}  // namespace heddle::thread
