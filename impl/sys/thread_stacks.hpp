// Where the stacks of a new thread come from.
#pragma once

#include <pthread.h>

#include <cstddef>
#include <optional>

#include "heddle/error.hpp"
#include "sys/signal_stack.hpp"

namespace heddle::sys {

/// The stacks of one thread to come: its own, which libc maps when the thread is created and keeps
/// or unmaps when it is gone, and that of its signal handlers. What can fail fails here, where the
/// caller of spawn can be told.
class ThreadStacks {
 public:
  /// A stack of at least `size` bytes, raised to what a thread needs to start.
  explicit ThreadStacks(std::size_t size);
  ThreadStacks(const ThreadStacks&) = delete;
  ThreadStacks& operator=(const ThreadStacks&) = delete;
  ~ThreadStacks();

  /// The refusal, if there was one: pthread_attr_init (ENOMEM), pthread_attr_setstacksize (EINVAL
  /// twice, or any other errno), or what SignalStack::take says. Then there are no stacks.
  const std::optional<Error>& error() const { return error_; }
  /// For pthread_create.
  const pthread_attr_t& attributes() const { return attributes_; }
  /// The signal stack, which goes to the thread; empty where overflows are not reported.
  SignalStack take_signal_stack() { return std::move(signal_stack_); }

 private:
  pthread_attr_t attributes_{};
  bool has_attributes_ = false;
  SignalStack signal_stack_;
  std::optional<Error> error_;
};

}  // namespace heddle::sys
