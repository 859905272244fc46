#include "heddle/sys/native_thread.hpp"

#include <pthread.h>
#include <sched.h>

#include <type_traits>

#include "sys/stack_overflow.hpp"
#include "sys/thread_stacks.hpp"

namespace heddle::sys {
namespace {

static_assert(std::is_same_v<NativeThread::Id, pthread_t>);

// What a new thread is given.
struct Start {
  SignalStack signal_stack;
  Box<Main> main;
};

// Runs a new thread. Not noexcept: pthread_exit in the thread unwinds up to here and beyond. The
// order matters: what `main` drops, such as an unclaimed result, may overflow the stack, so the
// handler dies after it. Thread locals die later still; their overflows are not reported.
extern "C" void* heddle_thread_start(void* argument) {
  const Box<Start> start(static_cast<Start*>(argument));
  const stack_overflow::Handler handler(std::move(start->signal_stack));
  const Box<Main> main = std::move(start->main);
  main->run();
  return nullptr;
}

}  // namespace

Result<NativeThread, Error> NativeThread::create(std::size_t stack_size, Box<Main> main) {
  ThreadStacks stacks(stack_size);
  if (stacks.error()) {
    return *stacks.error();
  }
  Box<Start> start(new Start{stacks.take_signal_stack(), std::move(main)});
  pthread_t native{};
  const int error =
      ::pthread_create(&native, &stacks.attributes(), heddle_thread_start, start.get());
  if (error != 0) {
    // EAGAIN, EINVAL, EPERM: no thread was started, and `main` is dropped here.
    return Error("pthread_create", error);
  }
  static_cast<void>(start.release());  // the thread owns it now, and may have dropped it already
  return NativeThread(native);
}

NativeThread::~NativeThread() {
  if (id_) {
    // EINVAL, ESRCH: the thread was detached or joined elsewhere, so there is nothing left to do.
    static_cast<void>(::pthread_detach(*id_));
  }
}

std::optional<Error> NativeThread::join() && {
  const int error = ::pthread_join(std::move(*this).into_id(), nullptr);
  return error == 0 ? std::nullopt : std::optional(Error("pthread_join", error));
}

void NativeThread::set_name(const std::string& name) {
  constexpr std::size_t longest = 15;  // longer names are refused: the kernel has room for 16 bytes
  // Errors do not matter: a thread without its name in the kernel's list is only harder to find.
  static_cast<void>(::pthread_setname_np(::pthread_self(), name.substr(0, longest).c_str()));
}

void NativeThread::yield_now() {
  // Never fails on Linux, and a missed yield is harmless.
  static_cast<void>(::sched_yield());
}

}  // namespace heddle::sys
