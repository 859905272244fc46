// code_address.h: what is known of a return address, remembered for the process.
#ifndef HEDDLE_INJECT_SHIM_CODE_ADDRESS_H
#define HEDDLE_INJECT_SHIM_CODE_ADDRESS_H

#include <atomic>
#include <bit>
#include <cstdint>

#include "module.h"

namespace heddle::inject {

struct CodeAddress {
  Module* module = nullptr;  // null: it lies in none
  uint64_t hash = 0;         // of the module's identity and the offset; the same in every run
  /// The same, where a call instruction stands before the address, in code of the module, and that
  /// is not the shim's; else 0.
  uint64_t hash_of_caller = 0;
};

/// Whoever has changed the address from 0 to kClaimed fills in what is known, then stores the
/// address with release; readers acquire it. An entry stays as it is, and lies within one cache
/// line.
struct alignas(32) CodeAddressEntry {
  /// Not an address, nor a word that is likely to stand where a return address should.
  static constexpr uintptr_t kClaimed = UINT64_C(0x8f0e4c1d2b3a5967);

  std::atomic<uintptr_t> address;
  CodeAddress known;
};
static_assert(sizeof(CodeAddressEntry) == 32);

/// Where an address stands unless another one was there before it: four pages, in which those of a
/// small program hardly ever meet.
constexpr unsigned kCodeAddressBits = 9;
// Constant-initialised where it is defined, which the check cannot see from a declaration.
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers)
extern constinit CodeAddressEntry first_code_addresses[1U << kCodeAddressBits];

inline CodeAddressEntry& first_place_of(const void* address) {
  constexpr uint64_t kGoldenRatio = UINT64_C(0x9e3779b97f4a7c15);
  return first_code_addresses[(std::bit_cast<uintptr_t>(address) * kGoldenRatio) >>
                              (64 - kCodeAddressBits)];
}

/// look_up for an address that does not stand in its first place. Cold, so that it is not inlined
/// into every walk.
[[gnu::cold]] CodeAddress look_up_further(const void* address);

[[gnu::cold]] uint64_t hash_of_caller_further(const void* address);

/// Lock-free, async-signal-safe, a few instructions when the address was seen before. What is known
/// of a module's addresses is kept when the module is unloaded: another one at the same place may
/// then be taken for it.
inline CodeAddress look_up(const void* address) {
  const CodeAddressEntry& entry = first_place_of(address);
  if (entry.address.load(std::memory_order_acquire) == std::bit_cast<uintptr_t>(address))
      [[likely]] {
    return entry.known;
  }
  return look_up_further(address);
}

/// The same, for a walk: the hash of an address that may be a caller's, and 0 of all others.
inline uint64_t hash_of_caller(const void* address) {
  const CodeAddressEntry& entry = first_place_of(address);
  if (entry.address.load(std::memory_order_acquire) == std::bit_cast<uintptr_t>(address))
      [[likely]] {
    return entry.known.hash_of_caller;
  }
  return hash_of_caller_further(address);
}

}  // namespace heddle::inject

#endif
