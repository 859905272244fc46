// processor.hpp: x86-64, as ../processor.hpp asks for it.
#pragma once

#include "../processor.hpp"

namespace heddle::inject {

inline constexpr const char* processor_name = "x86-64";

inline long enter_kernel(long number, const SystemCallArguments& arguments) {
  // Registers of the kernel's convention. The call destroys rcx and r11, and may write memory.
  register long fourth __asm__("r10") = arguments[3];
  register long fifth __asm__("r8") = arguments[4];
  register long sixth __asm__("r9") = arguments[5];
  long result = number;
  __asm__ volatile("syscall"
                   : "+a"(result)
                   : "D"(arguments[0]), "S"(arguments[1]), "d"(arguments[2]), "r"(fourth),
                     "r"(fifth), "r"(sixth)
                   : "rcx", "r11", "memory");
  return result;
}

inline constexpr std::size_t longest_call = 7;

/// A near call: E8 with a 32-bit displacement, or FF /2 with any operand.
inline bool call_stands_before(const std::uint8_t* address) {
  const auto is_indirect = [address](int length, std::uint8_t mask, std::uint8_t operand) {
    return address[-length] == 0xff && (address[1 - length] & mask) == operand;
  };
  return address[-5] == 0xe8 ||         // call displacement
         is_indirect(2, 0xf8, 0xd0) ||  // call register
         is_indirect(2, 0xf8, 0x10) ||  // call [register]
         is_indirect(3, 0xf8, 0x50) ||  // call [register + byte]
         is_indirect(3, 0xff, 0x14) ||  // call [register + register * scale]
         is_indirect(4, 0xff, 0x54) ||  // call [register + register * scale + byte]
         is_indirect(6, 0xf8, 0x90) ||  // call [register + displacement]
         is_indirect(6, 0xff, 0x15) ||  // call [instruction pointer + displacement]
         is_indirect(7, 0xff, 0x94);    // call [register + register * scale + displacement]
}

/// The processor signs no return addresses.
inline const void* without_signature(const void* return_address) {
  return return_address;
}

/// One instruction, lest a signal handler come in between. It needs no lock prefix, which serves
/// other threads alone and would be most of a call's cost.
inline bool exchange_in_thread(std::uint64_t& word, std::uint64_t& seen, std::uint64_t wanted) {
  bool exchanged = false;
  __asm__ volatile("cmpxchgq %[wanted], %[word]"
                   : "=@ccz"(exchanged), [word] "+m"(word), "+a"(seen)
                   : [wanted] "r"(wanted)
                   : "memory");
  return exchanged;
}

/// libc's control block of the thread lies there.
inline constexpr std::uintptr_t above_thread_pointer = 4096;

inline constexpr const char* libc_versions[] = {"GLIBC_2.34",  "GLIBC_2.32", "GLIBC_2.28",
                                                "GLIBC_2.17",  "GLIBC_2.15", "GLIBC_2.12",
                                                "GLIBC_2.3.2", "GLIBC_2.2.5"};

}  // namespace heddle::inject
