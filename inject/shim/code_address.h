// code_address.h: what is known of a return address, remembered for the process.
#ifndef HEDDLE_INJECT_SHIM_CODE_ADDRESS_H
#define HEDDLE_INJECT_SHIM_CODE_ADDRESS_H

#include <cstdint>

#include "module.h"

namespace heddle::inject {

struct CodeAddress {
  Module* module = nullptr;   // null: it lies in none
  uint64_t hash = 0;          // of the module's identity and the offset; the same in every run
  bool follows_call = false;  // a call instruction stands before it, in code of the module
};

/// Lock-free, async-signal-safe, a few instructions when the address was seen before. What is known
/// of a module's addresses is kept when the module is unloaded: another one at the same place may
/// then be taken for it.
CodeAddress look_up(const void* address);

}  // namespace heddle::inject

#endif
