// Threads that do one thing at a time, as they are told.
//
// A program's calls come in one order, each on the thread that it names. So what a call must give
// is known, although many threads are alive. Only the end of a thread runs beside other calls.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>

namespace heddle::fuzz {

/// Returns the number of the actor whose thread calls.
std::size_t here();

/// Returns once the kernel's thread is gone. Fails the program when it never ends.
void wait_until_gone(std::int32_t kernel_thread);

/// One thread of the program. The director, libFuzzer's own thread, gives the commands.
class Actor {
 public:
  explicit Actor(std::size_t number) : number_(number) {}

  std::size_t number() const { return number_; }

  /// Runs a command on the thread, and returns when the thread waits for the next one: when the
  /// command has returned, or when it has come to serve(). Fails the program when that never comes.
  void run(std::function<void()> command);

  /// Gives a command, and does not wait.
  void post(std::function<void()> command);
  void wait_until_idle();

  /// Returns true as soon as the command that was posted is seen to wait for something, and false
  /// if it has returned.
  bool is_seen_waiting();

  /// Returns once the thread is gone, whose last serve() was told that it is over.
  void wait_until_gone() const { fuzz::wait_until_gone(kernel_thread_); }

  /// On the actor's own thread: makes it known, and later runs commands until one sets `over`.
  void begin();
  void serve(const bool& over);

 private:
  bool is_idle();

  std::size_t number_;
  std::int32_t kernel_thread_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> command_;
  bool busy_ = true;  // until the thread serves
};

}  // namespace heddle::fuzz
