// performed_call.h: makes one injectable call, and judges its result as any caller would.
#ifndef HEDDLE_TESTS_INJECT_PERFORMED_CALL_H
#define HEDDLE_TESTS_INJECT_PERFORMED_CALL_H

#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace heddle::tests {

/// errno before each call: no call fails with it, and none that succeeds may change it.
constexpr int kUntouchedErrno = 4242;

/// Ends the program when a successful call has changed errno.
inline int succeeded() {
  if (errno != kUntouchedErrno) {
    std::puts("errno was changed by a call that succeeded");
    std::exit(99);
  }
  return 0;
}

inline int perform_pthread_create() {
  pthread_t thread{};
  const auto start = [](void*) -> void* { return nullptr; };
  if (const int error = pthread_create(&thread, nullptr, start, nullptr)) {
    return error;
  }
  pthread_join(thread, nullptr);
  return succeeded();
}

inline int perform_setstacksize() {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  const int error = pthread_attr_setstacksize(&attributes, size_t{1} << 20);
  pthread_attr_destroy(&attributes);
  return error != 0 ? error : succeeded();
}

using MapFunction = void* (*)(void*, size_t, int, int, int, off_t);

inline int perform_map(MapFunction map) {
  constexpr size_t kSize = 4096;
  void* const address =
      map(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) {
    return errno;
  }
  munmap(address, kSize);
  return succeeded();
}

inline int perform_sigaltstack() {
  stack_t old_stack{};
  return sigaltstack(nullptr, &old_stack) == -1 ? errno : succeeded();
}

/// Not made to fail, the wait returns EAGAIN at once, because the word has not the value.
inline int perform_futex(int operation, int value) {
  static int word = 0;
  return syscall(SYS_futex, &word, operation, value, nullptr, nullptr, ~0U) == -1 ? errno
                                                                                  : succeeded();
}

/// The errno that the caller saw, or 0; -1 for an unknown name.
inline int perform(std::string_view call) {
  errno = kUntouchedErrno;
  if (call == "pthread_create") return perform_pthread_create();
  if (call == "pthread_attr_setstacksize") return perform_setstacksize();
  if (call == "mmap") return perform_map(&mmap);
  if (call == "mmap64") return perform_map(&mmap64);
  if (call == "sigaltstack") return perform_sigaltstack();
  if (call == "futex.wait") return perform_futex(FUTEX_WAIT_PRIVATE, 1);
  if (call == "futex.wait_bitset") return perform_futex(FUTEX_WAIT_BITSET, 1);
  if (call == "futex.wake") return perform_futex(FUTEX_WAKE, 1);
  if (call == "futex.wake_bitset") return perform_futex(FUTEX_WAKE_BITSET_PRIVATE, 1);
  return -1;
}

}  // namespace heddle::tests

#endif
