// System calls of the suite itself, made without libc.
//
// A case may run with the injector preloaded, which wraps libc's functions. The suite's own calls
// bypass libc, so that they neither fail with the subject's calls nor count among them.
//
// No other file of the suite depends on the processor, but for stage/trap_flag.hpp.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>

#include <atomic>
#include <cstdint>

namespace heddle::conformance {

/// Makes a system call and returns the kernel's answer: a negative errno on failure.
inline long system_call(long number, long first = 0, long second = 0, long third = 0,
                        long fourth = 0, long fifth = 0, long sixth = 0) {
#if defined(__x86_64__)
  register long r10 asm("r10") = fourth;
  register long r8 asm("r8") = fifth;
  register long r9 asm("r9") = sixth;
  long result = 0;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(first), "S"(second), "d"(third), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 asm("x8") = number;
  register long x0 asm("x0") = first;
  register long x1 asm("x1") = second;
  register long x2 asm("x2") = third;
  register long x3 asm("x3") = fourth;
  register long x4 asm("x4") = fifth;
  register long x5 asm("x5") = sixth;
  asm volatile("svc 0"
               : "+r"(x0)
               : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
               : "memory");
  return x0;
#else
#error "the suite does not know how this processor makes a system call"
#endif
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
