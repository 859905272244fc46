// The processor's trap flag: while a thread has it, the kernel sends the thread a SIGTRAP after
// each instruction. On x86-64 it is a bit that every program may set; aarch64 leaves it to
// debuggers.
#pragma once

#include <sys/syscall.h>
#include <ucontext.h>

#include <cstdint>

namespace heddle::conformance {

#if defined(__x86_64__)

inline constexpr bool has_trap_flag = true;

// Both step over the red zone, 128 bytes below the stack pointer that the compiler may use (psABI
// for x86-64, 3.2.2).

/// Sets the calling thread's flag. The first trap comes after the second instruction from here.
__attribute__((always_inline)) inline void set_trap_flag() {
  asm volatile(
      "lea -128(%%rsp), %%rsp\n\t"
      "pushfq\n\t"
      "orq $0x100, (%%rsp)\n\t"
      "popfq\n\t"
      "lea 128(%%rsp), %%rsp" ::
          : "cc", "memory");
}

__attribute__((always_inline)) inline void clear_trap_flag() {
  asm volatile(
      "lea -128(%%rsp), %%rsp\n\t"
      "pushfq\n\t"
      "andq $~0x100, (%%rsp)\n\t"
      "popfq\n\t"
      "lea 128(%%rsp), %%rsp" ::
          : "cc", "memory");
}

/// Clears the flag of a thread that has stopped for a signal, from the signal's handler.
inline void clear_trap_flag(ucontext_t& stopped) {
  stopped.uc_mcontext.gregs[REG_EFL] &= ~greg_t{0x100};
}

/// Returns the address of the instruction that a stopped thread would make next.
inline std::uintptr_t next_instruction(const ucontext_t& stopped) {
  return static_cast<std::uintptr_t>(stopped.uc_mcontext.gregs[REG_RIP]);
}

/// Returns whether a stopped thread is about to change its signal mask by a system call. Where that
/// blocks SIGTRAP, the next trap would kill the process.
inline bool is_about_to_change_mask(const ucontext_t& stopped) {
  const auto* const code = reinterpret_cast<const unsigned char*>(next_instruction(stopped));
  return code[0] == 0x0f && code[1] == 0x05 &&  // syscall
         stopped.uc_mcontext.gregs[REG_RAX] == SYS_rt_sigprocmask;
}

#else

inline constexpr bool has_trap_flag = false;

inline void set_trap_flag() {}
inline void clear_trap_flag() {}
inline void clear_trap_flag(ucontext_t& /*stopped*/) {}
inline std::uintptr_t next_instruction(const ucontext_t& /*stopped*/) {
  return 0;
}
inline bool is_about_to_change_mask(const ucontext_t& /*stopped*/) {
  return false;
}

#endif

}  // namespace heddle::conformance
