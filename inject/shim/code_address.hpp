// code_address.hpp: what is known of a return address, remembered for the process.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>

#include "module.hpp"

namespace heddle::inject {

struct CodeAddress {
  Module* module = nullptr;  // null: in no module
  std::uint64_t hash = 0;    // of the module's identity and the offset; the same in every run
  /// The same hash if the address lies right behind a call instruction in a module's code, other
  /// than the shim's; else 0.
  std::uint64_t hash_of_caller = 0;
};

/// A slot. The thread that changes `address` from 0 to `claimed` fills in `known`, then stores the
/// address with release; readers acquire it. A filled slot never changes, and lies within one cache
/// line.
struct alignas(32) CodeAddressEntry {
  /// A word that is no address, and that hardly ever stands where a return address should.
  static constexpr std::uintptr_t claimed = UINT64_C(0x8f0e4c1d2b3a5967);

  std::atomic<std::uintptr_t> address;
  CodeAddress known;
};
static_assert(sizeof(CodeAddressEntry) == 32);

/// The first table, with one slot for each address: four pages, in which the addresses of a small
/// program hardly ever collide.
constexpr unsigned code_address_bits = 9;
// Constant-initialised where it is defined, which the check cannot see from a declaration.
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers)
extern constinit CodeAddressEntry first_code_addresses[1U << code_address_bits];

inline CodeAddressEntry& first_place_of(const void* address) {
  constexpr std::uint64_t golden_ratio = UINT64_C(0x9e3779b97f4a7c15);
  return first_code_addresses[(std::bit_cast<std::uintptr_t>(address) * golden_ratio) >>
                              (64 - code_address_bits)];
}

/// Looks up an address that is not in its first slot. Cold, lest it be inlined into every walk.
[[gnu::cold]] CodeAddress look_up_further(const void* address);

[[gnu::cold]] std::uint64_t hash_of_caller_further(const void* address);

/// Looks up a return address: lock-free, async-signal-safe, a few instructions if the address was
/// seen before. Unloading a module keeps its addresses here, so another module that is loaded in
/// its place may be taken for it.
inline CodeAddress look_up(const void* address) {
  const CodeAddressEntry& entry = first_place_of(address);
  if (entry.address.load(std::memory_order_acquire) == std::bit_cast<std::uintptr_t>(address))
      [[likely]] {
    return entry.known;
  }
  return look_up_further(address);
}

/// Looks up for a walk: returns the hash of an address that may be a caller's; 0 for others.
inline std::uint64_t hash_of_caller(const void* address) {
  const CodeAddressEntry& entry = first_place_of(address);
  if (entry.address.load(std::memory_order_acquire) == std::bit_cast<std::uintptr_t>(address))
      [[likely]] {
    return entry.known.hash_of_caller;
  }
  return hash_of_caller_further(address);
}

}  // namespace heddle::inject
