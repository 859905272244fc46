// program_name.h: which program this process runs.
#ifndef HEDDLE_INJECT_SHIM_PROGRAM_NAME_H
#define HEDDLE_INJECT_SHIM_PROGRAM_NAME_H

#include <cstdint>

namespace heddle::inject {

/// Absolute, as /proc/self/exe has it; empty when that cannot be read, or before start-up.
const char* program_path();

/// The last part of the path. For a script, its interpreter.
const char* program_file_name();

/// heddle_inject_path_hash of the file name.
uint64_t program_hash();

/// Learns all three; called once, by start-up.
void learn_program_name();

}  // namespace heddle::inject

#endif
