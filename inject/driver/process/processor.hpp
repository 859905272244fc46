// processor.hpp: all that the driver knows of the processor for which it is built: of its
// registers, and of the names that Linux and glibc have for it.
#pragma once

#include <elf.h>
#include <sys/syscall.h>
#include <sys/user.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace heddle::inject {

#if defined(__x86_64__)

constexpr std::string_view processor_name = "x86-64";
constexpr Elf64_Half elf_machine = EM_X86_64;
constexpr std::string_view dynamic_linker = "ld-linux-x86-64";
/// Debian's folder for libraries, which other systems lack.
constexpr const char* debian_libraries = "/usr/lib/x86_64-linux-gnu";

inline std::uint64_t program_counter(const user_regs_struct& registers) {
  return registers.rip;
}

/// Has the first instruction of a function return to the caller. Asks `word_at` for memory of the
/// thread; returns false if that is not to be read.
template <typename WordAt>
bool return_at_once(user_regs_struct& registers, const WordAt& word_at) {
  const std::optional<std::uint64_t> return_address = word_at(registers.rsp);
  if (return_address) {
    registers.rip = *return_address;
    registers.rsp += sizeof *return_address;
  }
  return return_address.has_value();
}

#elif defined(__aarch64__)

// The kernel has neither call, as -1 says in the table of calls: libc makes both of clone.
#define SYS_fork (-1)
#define SYS_vfork (-1)

constexpr std::string_view processor_name = "aarch64";
constexpr Elf64_Half elf_machine = EM_AARCH64;
constexpr std::string_view dynamic_linker = "ld-linux-aarch64";
constexpr const char* debian_libraries = "/usr/lib/aarch64-linux-gnu";

inline std::uint64_t program_counter(const user_regs_struct& registers) {
  return registers.pc;
}

template <typename WordAt>
bool return_at_once(user_regs_struct& registers, const WordAt& /*word_at*/) {
  registers.pc = registers.regs[30];  // a call leaves the return address there
  return true;
}

#else
#error "the driver knows no such processor"
#endif

}  // namespace heddle::inject
