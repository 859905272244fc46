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

/// The function of a new thread: run once, and destroyed on that thread. Rust's Box<dyn FnOnce()>.
class Main {
 public:
  Main() = default;
  Main(const Main&) = delete;
  Main& operator=(const Main&) = delete;
  virtual ~Main() noexcept(false) = default;
  virtual void run() = 0;
};

/// Owns a thread of the operating system, which is joined, or else detached when the owner dies.
class NativeThread {
 public:
  /// A pthread_t; native_thread.cpp checks that the types agree.
  using Id = unsigned long;

  /// Starts a thread that runs `main` and drops it there. A `stack_size`, in bytes, that is smaller
  /// than the system's minimum is raised to it. On failure `main` is dropped once, on the calling
  /// thread, and the error names the call that failed: pthread_attr_init,
  /// pthread_attr_setstacksize, the mmap or mprotect of a signal stack, pthread_create.
  static Result<NativeThread, Error> create(std::size_t stack_size, Box<Main> main);

  NativeThread(NativeThread&& other) noexcept : id_(std::exchange(other.id_, std::nullopt)) {}
  NativeThread& operator=(NativeThread&&) = delete;
  /// Detaches the thread: it runs on, and the system reclaims it at its end.
  ~NativeThread();

  /// Waits until the thread is gone, including its thread locals. Gives the thread up even if this
  /// fails: EDEADLK (a thread joins itself), EINVAL and ESRCH (the thread was detached or joined
  /// elsewhere).
  [[nodiscard]] std::optional<Error> join() &&;

  Id id() const noexcept { return *id_; }
  /// Gives the thread up to the caller, who joins or detaches it.
  Id into_id() && noexcept { return *std::exchange(id_, std::nullopt); }

  /// Tells the kernel the calling thread's name, cut to 15 bytes. `name` has no NUL.
  static void set_name(const std::string& name);
  /// Lets other threads run.
  static void yield_now();

 private:
  explicit NativeThread(Id id) noexcept : id_(id) {}

  std::optional<Id> id_;  // nothing after the thread was given up
};

}  // namespace heddle::sys
