// raw.hpp: x86-64, as ../raw/processor.hpp asks for it.
#pragma once

#include <linux/audit.h>
#include <sys/syscall.h>

#include "../program_memory.hpp"
#include "../raw/processor.hpp"

namespace heddle::inject {

inline long system_call_of(const ucontext_t& context) {
  // The kernel looks only at the lower half.
  return static_cast<int>(context.uc_mcontext.gregs[REG_RAX]);
}

inline SystemCallArguments arguments_of(const ucontext_t& context) {
  const auto& registers = context.uc_mcontext.gregs;
  return {static_cast<long>(registers[REG_RDI]), static_cast<long>(registers[REG_RSI]),
          static_cast<long>(registers[REG_RDX]), static_cast<long>(registers[REG_R10]),
          static_cast<long>(registers[REG_R8]),  static_cast<long>(registers[REG_R9])};
}

inline std::uintptr_t program_counter_of(const ucontext_t& context) {
  return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
}

inline std::uintptr_t stack_pointer_of(const ucontext_t& context) {
  return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RSP]);
}

inline std::uintptr_t frame_pointer_of(const ucontext_t& context) {
  return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RBP]);
}

inline void set_result(ucontext_t& context, long result) {
  context.uc_mcontext.gregs[REG_RAX] = result;
}

inline void set_program_counter(ucontext_t& context, std::uintptr_t address) {
  context.uc_mcontext.gregs[REG_RIP] = static_cast<greg_t>(address);
}

/// The 32-bit interface (int $0x80) has numbers of its own.
inline bool has_known_number(const siginfo_t& trap) {
  return trap.si_arch == AUDIT_ARCH_X86_64;
}

inline bool changes_own_registers(long number) {
  return number == SYS_arch_prctl;
}

inline std::uint64_t thread_pointer_for_clone(const SystemCallArguments& arguments) {
  return static_cast<std::uint64_t>(arguments[4]);
}

/// libc's control block begins with its own address, twice.
inline bool is_storage_of_libc(std::uint64_t thread_pointer) {
  struct {
    std::uint64_t self, thread_vector, self_too;
  } block{};
  return read_program_memory(block, static_cast<long>(thread_pointer)) &&
         block.self == thread_pointer && block.self_too == thread_pointer;
}

inline constexpr std::size_t system_call_size = 2;
inline constexpr std::size_t call_thunk_size = 8;
inline constexpr std::size_t spawn_thunk_size = 32;

}  // namespace heddle::inject
