#include "unwinder.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <iterator>

#include "fatal.hpp"
#include "raw_system_call.hpp"
#include "thread_state.hpp"

namespace heddle::inject {

constinit const Module* libunwind = nullptr;

namespace {

using Backtrace = int (*)(void**, int);
constinit Backtrace backtrace_function = nullptr;

/// Occupies every free descriptor below a limit, so that new descriptors lie above it.
class LowDescriptors {
 public:
  LowDescriptors() {
    const long opened = raw_system_call(SYS_openat, AT_FDCWD, "/", O_PATH | O_CLOEXEC);
    for (long next = opened; next >= 0; next = raw_system_call(SYS_dup, opened)) {
      if (next >= limit) {
        static_cast<void>(raw_system_call(SYS_close, next));
        break;
      }
      taken_[next] = true;
    }
  }
  LowDescriptors(const LowDescriptors&) = delete;
  LowDescriptors& operator=(const LowDescriptors&) = delete;
  ~LowDescriptors() {
    for (long descriptor = 0; descriptor < limit; ++descriptor) {
      if (taken_[descriptor]) {
        static_cast<void>(raw_system_call(SYS_close, descriptor));  // cannot fail with O_PATH
      }
    }
  }

  /// The limit, below the usual soft limit of 1024, with room for the pipe.
  static constexpr long limit = 1000;

 private:
  bool taken_[limit] = {};
};

/// While this object lives, the thread's calls are passed on, and the thread cannot be cancelled:
/// libunwind reads from a pipe, which would be a cancellation point where the program has none.
class OnItsOwn {
 public:
  OnItsOwn() : outer_pass_through_(thread_state.pass_through) {
    thread_state.pass_through = 1;
    // Neither this call nor its counterpart can fail with such arguments.
    static_cast<void>(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &outer_cancellation_));
  }
  OnItsOwn(const OnItsOwn&) = delete;
  OnItsOwn& operator=(const OnItsOwn&) = delete;
  ~OnItsOwn() {
    static_cast<void>(pthread_setcancelstate(outer_cancellation_, nullptr));
    thread_state.pass_through = outer_pass_through_;
  }

 private:
  std::uint32_t outer_pass_through_;
  int outer_cancellation_ = PTHREAD_CANCEL_ENABLE;
};

}  // namespace

void set_up_unwinder() {
  void* const library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
  void* const symbol = library == nullptr ? nullptr : dlsym(library, "unw_backtrace");
  if (symbol == nullptr) {
    fatal(
        {"call stacks by libunwind are wanted, and libunwind.so.8 cannot be loaded; install it, "
         "or leave call stacks to frame pointers"});
  }
  backtrace_function = reinterpret_cast<Backtrace>(symbol);
  libunwind = find_module(symbol);
  const int saved_errno = errno;
  const LowDescriptors occupied;
  void* frames[HEDDLE_INJECT_MAXIMUM_FRAMES];
  static_cast<void>(backtrace_function(&frames[0], static_cast<int>(std::size(frames))));
  errno = saved_errno;
}

bool has_room_to_unwind(const void* frame) {
  constexpr std::uintptr_t room = std::uintptr_t{16} << 10;
  const auto address = std::bit_cast<std::uintptr_t>(frame);
  if (address >= thread_state.stack.low && address < thread_state.stack.high) {
    return true;
  }
  stack_t alternate{};
  return raw_system_call(SYS_sigaltstack, nullptr, &alternate) < 0 ||
         (alternate.ss_flags & SS_ONSTACK) == 0 ||
         address - std::bit_cast<std::uintptr_t>(alternate.ss_sp) >= room;
}

unsigned unwind(const void* return_address, std::span<const void*> frames) {
  // The shim's own frames come before the program's.
  constexpr std::size_t own_frames = 16;
  void* found[HEDDLE_INJECT_MAXIMUM_FRAMES + own_frames];
  const int saved_errno = errno;
  int count = 0;
  {
    const OnItsOwn own;
    count = backtrace_function(&found[0], static_cast<int>(std::size(found)));
  }
  errno = saved_errno;
  void** const end = &found[std::max(count, 0)];
  void** const first = std::find(&found[0], end, return_address);
  const auto wanted = std::min(static_cast<std::size_t>(end - first), frames.size());
  std::copy_n(first, wanted, frames.begin());
  return static_cast<unsigned>(wanted);
}

}  // namespace heddle::inject
