// System calls of the suite itself, made without libc.
//
// A case may run with the injector preloaded, which wraps libc's functions. The suite's own calls
// bypass libc, so that they neither fail with the subject's calls nor count among them.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>

#include <atomic>
#include <cstdint>

namespace heddle::conformance {

/// Makes a system call and returns the kernel's answer: a negative errno on failure. x86-64 only.
inline long system_call(long number, long first = 0, long second = 0, long third = 0,
                        long fourth = 0, long fifth = 0, long sixth = 0) {
  register long r10 asm("r10") = fourth;
  register long r8 asm("r8") = fifth;
  register long r9 asm("r9") = sixth;
  long result = 0;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(first), "S"(second), "d"(third), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

/// Sleeps while `word` is `value`. May return for no reason, so callers loop.
inline void futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t value) {
  // EAGAIN, EINTR: the caller looks at the word again. No other error can occur: the address is
  // mapped and aligned, and there is no timeout.
  static_cast<void>(
      system_call(SYS_futex, reinterpret_cast<long>(&word), FUTEX_WAIT_PRIVATE, value));
}

/// Wakes all threads that wait for `word`.
inline void futex_wake_all(const std::atomic<std::uint32_t>& word) {
  static_cast<void>(
      system_call(SYS_futex, reinterpret_cast<long>(&word), FUTEX_WAKE_PRIVATE, INT32_MAX));
}

}  // namespace heddle::conformance
