#include "code_address.h"

#include <atomic>
#include <bit>

#include "hash.h"

namespace heddle::inject {
namespace {

/// The address is claimed by compare-and-swap, the rest follows, then `ready` is stored with
/// release and read with acquire. An entry stays as it is.
struct Entry {
  std::atomic<uintptr_t> address;
  std::atomic<bool> ready;
  CodeAddress known;
};

/// Open-addressed. Far more than a program has distinct call sites of these calls; when the places
/// for an address are taken, it is looked up anew each time.
constexpr unsigned kSizeBits = 13;
constexpr unsigned kPlaces = 8;
constinit Entry entries[(1U << kSizeBits) + kPlaces];

/// Whether the bytes before the address are one of the encodings of a near call: E8 with a 32-bit
/// displacement, or FF /2 with any operand.
bool call_stands_before(const uint8_t* address) {
  const auto is_indirect = [address](int length, uint8_t mask, uint8_t operand) {
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

CodeAddress examine(const void* address) {
  constexpr size_t kLongestCall = 7;
  Module* const module = find_module(address);
  if (module == nullptr) {
    return {};
  }
  const uint64_t offset = std::bit_cast<uintptr_t>(address) - module->load_address;
  return {module, mixed(module->identity + mixed(offset)),
          is_code(*module, address, kLongestCall) &&
              call_stands_before(static_cast<const uint8_t*>(address))};
}

}  // namespace

CodeAddress look_up(const void* address) {
  const auto wanted = std::bit_cast<uintptr_t>(address);
  const size_t first = (wanted * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - kSizeBits);
  for (size_t place = first; place < first + kPlaces; ++place) {
    Entry& entry = entries[place];
    uintptr_t seen = entry.address.load(std::memory_order_relaxed);
    if (seen == wanted) {
      return entry.ready.load(std::memory_order_acquire) ? entry.known : examine(address);
    }
    if (seen != 0) {
      continue;
    }
    const CodeAddress known = examine(address);
    // Words that are no addresses of code are not remembered: they would be different each time.
    if (known.module != nullptr &&
        entry.address.compare_exchange_strong(seen, wanted, std::memory_order_relaxed)) {
      entry.known = known;
      entry.ready.store(true, std::memory_order_release);
    }
    return known;
  }
  return examine(address);
}

}  // namespace heddle::inject
