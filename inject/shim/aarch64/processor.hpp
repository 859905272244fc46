// processor.hpp: AArch64, as ../processor.hpp asks for it.
#pragma once

#include <sys/syscall.h>

#include <cstdint>
#include <cstring>

#include "../processor.hpp"

// libc makes both of clone.
#define SYS_fork (-1)
#define SYS_vfork (-1)

namespace heddle::inject {

inline constexpr const char* processor_name = "aarch64";

inline long enter_kernel(long number, const SystemCallArguments& arguments) {
  // Registers of the kernel's convention. The call changes x0 alone, and may write memory.
  register long which __asm__("x8") = number;
  register long result __asm__("x0") = arguments[0];
  register long second __asm__("x1") = arguments[1];
  register long third __asm__("x2") = arguments[2];
  register long fourth __asm__("x3") = arguments[3];
  register long fifth __asm__("x4") = arguments[4];
  register long sixth __asm__("x5") = arguments[5];
  __asm__ volatile("svc 0"
                   : "+r"(result)
                   : "r"(which), "r"(second), "r"(third), "r"(fourth), "r"(fifth), "r"(sixth)
                   : "memory");
  return result;
}

inline constexpr std::size_t longest_call = 4;

/// BL, BLR, or BLR with a check of the address.
inline bool call_stands_before(const std::uint8_t* address) {
  std::uint32_t instruction = 0;
  std::memcpy(&instruction, address - sizeof instruction, sizeof instruction);
  return (instruction & 0xfc000000) == 0x94000000 ||  // bl displacement
         (instruction & 0xfffffc1f) == 0xd63f0000 ||  // blr register
         (instruction & 0xfefff800) == 0xd63f0800;    // blraa, blrab, blraaz, blrabz
}

/// Takes away the signature of code that is built with branch protection. The instruction is a
/// hint, which processors without signatures ignore.
inline const void* without_signature(const void* return_address) {
  register const void* address __asm__("x30") = return_address;
  __asm__("hint 7" : "+r"(address));  // xpaclri
  return address;
}

/// The processor gives the exclusive access up when a signal handler comes in between.
inline bool exchange_in_thread(std::uint64_t& word, std::uint64_t& seen, std::uint64_t wanted) {
  return __atomic_compare_exchange_n(&word, &seen, wanted, true, __ATOMIC_RELAXED,
                                     __ATOMIC_RELAXED);
}

/// The thread-local storage of the program and its libraries lies there.
inline constexpr std::uintptr_t above_thread_pointer = std::uintptr_t{64} << 10;

/// The first glibc for the processor is 2.17.
inline constexpr const char* libc_versions[] = {"GLIBC_2.34", "GLIBC_2.32", "GLIBC_2.28",
                                                "GLIBC_2.17"};

}  // namespace heddle::inject
