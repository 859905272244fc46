// program_name.hpp: the program that this process runs.
#pragma once

#include <cstdint>

namespace heddle::inject {

/// Returns the absolute path in /proc/self/exe; empty when that cannot be read, or before start-up.
const char* program_path();

/// Returns the last part of the path; for a script, its interpreter's.
const char* program_file_name();

/// Returns heddle_inject_path_hash of the file name.
std::uint64_t program_hash();

/// Learns path, file name and hash; called once, by start-up.
void learn_program_name();

}  // namespace heddle::inject
