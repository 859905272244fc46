// program_name.hpp: which program this process runs.
#pragma once

#include <cstdint>

namespace heddle::inject {

/// Absolute, as /proc/self/exe has it; empty when that cannot be read, or before start-up.
const char* program_path();

/// The last part of the path. For a script, its interpreter.
const char* program_file_name();

/// heddle_inject_path_hash of the file name.
std::uint64_t program_hash();

/// Learns all three; called once, by start-up.
void learn_program_name();

}  // namespace heddle::inject
