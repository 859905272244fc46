// The stacks of a new thread.
#pragma once

#include <pthread.h>

#include <cstddef>
#include <optional>

#include "heddle/error.hpp"
#include "sys/signal_stack.hpp"

namespace heddle::sys {

/// The stacks of a thread to be started: its own, which libc maps when the thread is created and
/// keeps or unmaps after it is gone, and the one for its signal handlers. All that can fail fails
/// here, where spawn can still return an error.
class ThreadStacks {
 public:
  /// Prepares a stack of at least `size` bytes, or of what a thread needs to start if that is more.
  explicit ThreadStacks(std::size_t size);
  ThreadStacks(const ThreadStacks&) = delete;
  ThreadStacks& operator=(const ThreadStacks&) = delete;
  ~ThreadStacks();

  /// Returns the error, if there was one: of pthread_attr_init (ENOMEM), of
  /// pthread_attr_setstacksize (EINVAL twice, or any other errno), or of SignalStack::take(). Then
  /// there are no stacks.
  const std::optional<Error>& error() const { return error_; }
  /// Returns the attributes for pthread_create.
  const pthread_attr_t& attributes() const { return attributes_; }
  /// Takes the signal stack for the thread; empty if overflows are not reported.
  SignalStack take_signal_stack() { return std::move(signal_stack_); }

 private:
  pthread_attr_t attributes_{};
  bool has_attributes_ = false;
  SignalStack signal_stack_;
  std::optional<Error> error_;
};

}  // namespace heddle::sys
