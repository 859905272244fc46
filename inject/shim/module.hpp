// module.hpp: the files in which the process's code lies, with identities that stay from run to
// run.
#pragma once

#include <heddle/inject_record.h>
#include <link.h>

#include <cstddef>
#include <cstdint>

namespace heddle::inject {

/// A range of readable code.
struct CodeRange {
  std::uintptr_t start, end;
};

/// A module; filled in once, then only read.
struct Module {
  const link_map* linked;       // tells a module from an unloaded one at the same address
  std::uintptr_t load_address;  // the base of its offsets
  std::uint64_t identity;       // hash of the build id, or without one of the file name
  CodeRange code[4];            // further ranges are left out
  std::uint32_t build_id_size;
  std::uint8_t build_id[sizeof heddle_inject_module::build_id];
  char path[HEDDLE_INJECT_PATH_SIZE];
  /// Its place in the record plus 1; 0 before it has one; atomic. See record.cpp.
  std::uint32_t place_in_record;

  const char* file_name() const;
};

/// Returns the module whose mapping holds the address; null when there is none, or no room to note
/// it. The result stays valid when the module is unloaded. Lock-free, async-signal-safe; errno
/// stays.
Module* find_module(const void* address);

/// Returns the end of the mappings of the address's module; 0 for an address in no module.
std::uintptr_t end_of_module(std::uintptr_t address);

/// Returns the shim's own module; null before start-up.
const Module* own_module();

/// Says whether the address lies in readable code of the module, at least `room` bytes behind that
/// code's start.
bool is_code(const Module& module, const void* address, std::size_t room);

/// Notes all modules that are loaded, so that each process of a fork server need not.
void note_modules();

/// Finds the dynamic linker's lock-free look-up, which glibc has since 2.35; without it, every
/// address is in no module. Called once, by start-up.
void set_up_modules();

}  // namespace heddle::inject
