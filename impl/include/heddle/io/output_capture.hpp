// Output capture: a sink that takes a thread's output in place of the process's streams.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace heddle::io {

/// A collector of text. Thread-safe. Rust's Mutex<Vec<u8>>.
class Sink {
 public:
  void write(std::string_view text) {
    const std::lock_guard lock(mutex_);
    text_.append(text);
  }
  /// Returns a copy of all that was written.
  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// Sends the calling thread's print, eprint and panic messages to `sink`, or to the process's
/// streams if it is null. Returns the previous sink. Threads that the thread spawns from now on
/// inherit `sink`. A thread drops its sink when it ends; after that, in destructors of thread
/// locals, this function panics. Rust's set_output_capture, on which its test runner is built.
std::shared_ptr<Sink> set_output_capture(std::shared_ptr<Sink> sink);

/// Returns the calling thread's sink; null if it has none or has dropped it.
std::shared_ptr<Sink> output_capture() noexcept;

}  // namespace heddle::io
