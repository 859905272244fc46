// Threads of the operating system, as the runtime needs them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "heddle/box.hpp"
#include "heddle/error.hpp"
#include "heddle/result.hpp"

namespace heddle::sys {

/// What a new thread runs, once, before it is destroyed there. Rust's Box<dyn FnOnce()>.
class Main {
 public:
  Main() = default;
  Main(const Main&) = delete;
  Main& operator=(const Main&) = delete;
  virtual ~Main() noexcept(false) = default;
  virtual void run() = 0;
};

/// Owns a thread of the operating system: to be joined, or detached when the owner dies.
class NativeThread {
 public:
  /// A pthread_t; the seam checks that it is one.
  using Id = unsigned long;

  /// Starts a thread that runs `main` and drops it there. `stack_size` in bytes is raised to what
  /// the system needs at least. On failure `main` is dropped once, on the calling thread, and the
  /// error says which call refused: pthread_attr_init, pthread_attr_setstacksize, the mmap or
  /// mprotect of a signal stack, pthread_create.
  static Result<NativeThread, Error> create(std::size_t stack_size, Box<Main> main);

  NativeThread(NativeThread&& other) noexcept : id_(std::exchange(other.id_, std::nullopt)) {}
  NativeThread& operator=(NativeThread&&) = delete;
  /// Detaches: the thread runs on, and the system reclaims it at its end.
  ~NativeThread();

  /// Waits until the thread is gone, its thread locals included. The thread is given up also when
  /// that fails: EDEADLK (it is the caller), EINVAL and ESRCH (somebody else detached or joined).
  [[nodiscard]] std::optional<Error> join() &&;

  Id id() const noexcept { return *id_; }
  /// Gives the thread up: joining or detaching it is the caller's task.
  Id into_id() && noexcept { return *std::exchange(id_, std::nullopt); }

  /// Names the calling thread for the kernel, by the first 15 bytes. `name` has no NUL.
  static void set_name(const std::string& name);
  /// Lets other threads run.
  static void yield_now();

 private:
  explicit NativeThread(Id id) noexcept : id_(id) {}

  std::optional<Id> id_;  // none when given up
};

}  // namespace heddle::sys
