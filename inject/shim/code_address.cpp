#include "code_address.hpp"

#include "hash.hpp"
#include "often_written.hpp"
#include "processor.hpp"

namespace heddle::inject {

alignas(4096) HEDDLE_INJECT_OFTEN_WRITTEN
    constinit CodeAddressEntry first_code_addresses[1U << code_address_bits]{};

namespace {

/// Further slots probed for an address, beginning at its home slot in the second table. The table
/// has far more slots than a program has call sites; an address that finds no slot is examined anew
/// each time.
constexpr unsigned further_places = 8;
constexpr unsigned further_bits = 13;
constinit CodeAddressEntry further_code_addresses[(1U << further_bits) + further_places]{};

CodeAddress examine(const void* address) {
  Module* const module = find_module(address);
  if (module == nullptr) {
    return {};
  }
  const std::uint64_t offset = std::bit_cast<std::uintptr_t>(address) - module->load_address;
  const std::uint64_t hash = mixed(module->identity + mixed(offset));
  const bool may_be_callers = module != own_module() && is_code(*module, address, longest_call) &&
                              call_stands_before(static_cast<const std::uint8_t*>(address));
  return {module, hash, may_be_callers ? hash : 0};
}

}  // namespace

CodeAddress look_up_further(const void* address) {
  const auto wanted = std::bit_cast<std::uintptr_t>(address);
  CodeAddressEntry* entry = &first_place_of(address);
  CodeAddressEntry* next = &further_code_addresses[mixed(wanted) >> (64 - further_bits)];
  for (unsigned place = 0; place <= further_places; ++place, entry = next++) {
    std::uintptr_t seen = entry->address.load(std::memory_order_acquire);
    if (seen == wanted) {
      return entry->known;
    }
    if (seen != 0) {
      continue;
    }
    const CodeAddress known = examine(address);
    // A word that is no address of code is not remembered: the next time it would be another word.
    // If two threads remember an address at once, it gets two slots.
    if (known.module != nullptr &&
        entry->address.compare_exchange_strong(seen, CodeAddressEntry::claimed,
                                               std::memory_order_relaxed)) {
      entry->known = known;
      entry->address.store(wanted, std::memory_order_release);
    }
    return known;
  }
  return examine(address);
}

std::uint64_t hash_of_caller_further(const void* address) {
  return look_up_further(address).hash_of_caller;
}

}  // namespace heddle::inject
