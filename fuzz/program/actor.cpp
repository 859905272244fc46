#include "program/actor.hpp"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include "program/story.hpp"
#include "stage/task_state.hpp"

namespace heddle::fuzz {
namespace {

using namespace std::chrono_literals;

thread_local std::size_t number_here = 0;

// Returns whether every other thread sleeps, so that none of them is about to wake another.
bool all_others_sleep() {
  const pid_t own = ::gettid();
  std::error_code error;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", error)) {
    const int number = std::stoi(task.path().filename());
    if (number != own && !conformance::TaskState(number).is_asleep()) {
      return false;
    }
  }
  return !error;
}

// Returns true if what is awaited never comes: again and again, all threads but this one sleep. It
// counts looks rather than time, so a busy machine changes nothing.
template <class HasCome>
bool never_comes(HasCome has_come) {
  constexpr int looks = 100;
  for (int look = 0; look < looks; ++look) {
    if (has_come() || !all_others_sleep()) {
      return false;
    }
    std::this_thread::sleep_for(1ms);
  }
  return !has_come();
}

bool is_gone(pid_t kernel_thread) {
  return ::syscall(SYS_tgkill, ::getpid(), kernel_thread, 0) != 0 && errno == ESRCH;
}

}  // namespace

std::size_t here() {
  return number_here;
}

void wait_until_gone(std::int32_t kernel_thread) {
  constexpr int quick_looks = 1000;
  for (int look = 0; !is_gone(kernel_thread); ++look) {
    if (look < quick_looks) {
      ::sched_yield();
    } else if (never_comes([=] { return is_gone(kernel_thread); })) {
      fail("a thread ends whose body has ended", "it waits, and no thread is awake");
    }
  }
}

bool Actor::is_idle() {
  const std::lock_guard lock(mutex_);
  return !busy_;
}

void Actor::post(std::function<void()> command) {
  const std::lock_guard lock(mutex_);
  command_ = std::move(command);
  busy_ = true;
  changed_.notify_all();
}

void Actor::wait_until_idle() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, 100ms, [this] { return !busy_; })) {
    lock.unlock();
    if (never_comes([this] { return is_idle(); })) {
      fail("the call returns", "it waits, and no thread is awake");
    }
    lock.lock();
  }
}

void Actor::run(std::function<void()> command) {
  post(std::move(command));
  wait_until_idle();
}

bool Actor::is_seen_waiting() {
  const conformance::TaskState state(kernel_thread_);
  while (!is_idle()) {
    if (state.is_asleep() && all_others_sleep()) {
      return !is_idle();
    }
    ::sched_yield();
  }
  return false;
}

void Actor::begin() {
  number_here = number_;
  kernel_thread_ = ::gettid();
}

void Actor::serve(const bool& over) {
  while (!over) {
    std::unique_lock lock(mutex_);
    if (command_ == nullptr) {
      busy_ = false;
      changed_.notify_all();
      changed_.wait(lock, [this] { return command_ != nullptr; });
    }
    const auto command = std::exchange(command_, nullptr);
    lock.unlock();
    command();
  }
}

}  // namespace heddle::fuzz
