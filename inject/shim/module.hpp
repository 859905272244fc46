// module.hpp: the files that the process's code lies in, and what they are called from run to run.
#pragma once

#include <heddle/inject_record.h>
#include <link.h>

#include <cstddef>
#include <cstdint>

namespace heddle::inject {

/// Code that can be read.
struct CodeRange {
  std::uintptr_t start, end;
};

/// Filled in once; then read by all.
struct Module {
  const link_map* linked;       // tells a module from one that was loaded at its address before
  std::uintptr_t load_address;  // what its addresses count from
  std::uint64_t identity;       // hash of the build id, or of the file name when it has none
  CodeRange code[4];            // as many as it has; more than there is room for are left out
  std::uint32_t build_id_size;
  std::uint8_t build_id[sizeof heddle_inject_module::build_id];
  char path[HEDDLE_INJECT_PATH_SIZE];
  /// Its place in the record plus 1, and 0 before it has one; atomic. See record.cpp.
  std::uint32_t place_in_record;

  const char* file_name() const;
};

/// The module whose mapping holds the address; null when there is none, or no room to note it. The
/// module stays valid when it is unloaded. Lock-free, async-signal-safe; errno stays.
Module* find_module(const void* address);

/// Where the mappings of the module end that the address lies in; 0 when it lies in none.
std::uintptr_t end_of_module(std::uintptr_t address);

/// The shim itself; null before start-up.
const Module* own_module();

/// Whether the address lies in code of the module that can be read, at least `room` bytes behind
/// the start of that code.
bool is_code(const Module& module, const void* address, std::size_t room);

/// Notes all modules that are there now, so that the processes which a fork server makes need not.
void note_modules();

/// Finds the dynamic linker's lock-free look-up, which glibc has since 2.35; without it no address
/// is in any module. Called once, by start-up.
void set_up_modules();

}  // namespace heddle::inject
