// Where a thread's output goes in place of the process's streams.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace heddle::io {

/// Collects text. Thread-safe. Rust's Mutex<Vec<u8>>.
class Sink {
 public:
  void write(std::string_view text) {
    const std::lock_guard lock(mutex_);
    text_.append(text);
  }
  /// A copy of all that was written.
  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// Makes `sink`, or none, the one that the calling thread's print, eprint and panic messages go to,
/// and returns the previous one. Threads that it spawns from now on begin with the same. A thread
/// lets go of its sink when it ends. Panics when that has happened already, which only destructors
/// of thread locals live to see. Rust's set_output_capture, which its test runner is built on.
std::shared_ptr<Sink> set_output_capture(std::shared_ptr<Sink> sink);

/// The calling thread's sink; null if there is none, or none any more.
std::shared_ptr<Sink> output_capture() noexcept;

}  // namespace heddle::io
