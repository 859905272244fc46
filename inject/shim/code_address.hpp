// code_address.hpp: what is known of a return address, remembered for the process.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>

#include "module.hpp"

namespace heddle::inject {

struct CodeAddress {
  Module* module = nullptr;  // null: it lies in none
  std::uint64_t hash = 0;    // of the module's identity and the offset; the same in every run
  /// The same, where a call instruction stands before the address, in code of the module, and that
  /// is not the shim's; else 0.
  std::uint64_t hash_of_caller = 0;
};

/// Whoever has changed the address from 0 to claimed fills in what is known, then stores the
/// address with release; readers acquire it. An entry stays as it is, and lies within one cache
/// line.
struct alignas(32) CodeAddressEntry {
  /// Not an address, nor a word that is likely to stand where a return address should.
  static constexpr std::uintptr_t claimed = UINT64_C(0x8f0e4c1d2b3a5967);

  std::atomic<std::uintptr_t> address;
  CodeAddress known;
};
static_assert(sizeof(CodeAddressEntry) == 32);

/// Where an address stands unless another one was there before it: four pages, in which those of a
/// small program hardly ever meet.
constexpr unsigned code_address_bits = 9;
// Constant-initialised where it is defined, which the check cannot see from a declaration.
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers)
extern constinit CodeAddressEntry first_code_addresses[1U << code_address_bits];

inline CodeAddressEntry& first_place_of(const void* address) {
  constexpr std::uint64_t golden_ratio = UINT64_C(0x9e3779b97f4a7c15);
  return first_code_addresses[(std::bit_cast<std::uintptr_t>(address) * golden_ratio) >>
                              (64 - code_address_bits)];
}

/// look_up for an address that does not stand in its first place. Cold, so that it is not inlined
/// into every walk.
[[gnu::cold]] CodeAddress look_up_further(const void* address);

[[gnu::cold]] std::uint64_t hash_of_caller_further(const void* address);

/// Lock-free, async-signal-safe, a few instructions when the address was seen before. What is known
/// of a module's addresses is kept when the module is unloaded: another one at the same place may
/// then be taken for it.
inline CodeAddress look_up(const void* address) {
  const CodeAddressEntry& entry = first_place_of(address);
  if (entry.address.load(std::memory_order_acquire) == std::bit_cast<std::uintptr_t>(address))
      [[likely]] {
    return entry.known;
  }
  return look_up_further(address);
}

/// The same, for a walk: the hash of an address that may be a caller's, and 0 of all others.
inline std::uint64_t hash_of_caller(const void* address) {
  const CodeAddressEntry& entry = first_place_of(address);
  if (entry.address.load(std::memory_order_acquire) == std::bit_cast<std::uintptr_t>(address))
      [[likely]] {
    return entry.known.hash_of_caller;
  }
  return hash_of_caller_further(address);
}

}  // namespace heddle::inject
