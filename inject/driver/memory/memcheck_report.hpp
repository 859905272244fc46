// memcheck_report.hpp: what Valgrind's memcheck says of a process.
//
// With --xml-file=NAME.%p Valgrind writes a file for each process, also for one that is forked; it
// looks for lost blocks when a process ends, in whatever way but by SIGKILL or execve(2). See
// docs/internals/xml-output-protocol4.txt of Valgrind.
#pragma once

#include <filesystem>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "memory/memory_error.hpp"

namespace heddle::inject {

/// Returns the path of `valgrind`, looked for in PATH; on failure, what to install.
tl::expected<std::string, std::string> find_valgrind();

/// Returns the command, up to the program, that runs a program under memcheck and has each process
/// write its errors and its definitely lost blocks to `path`, followed by a dot and its number. The
/// program's exit status stays its own, and nothing is said on its standard error.
std::vector<std::string> memcheck_command(const std::string& valgrind, const std::string& path);

/// Reads the XML of one process; also of one that was killed before it had written the end.
MemoryLook read_memcheck_xml(std::string_view text);

/// The same of a file. On failure, returns why it cannot be read.
tl::expected<MemoryLook, std::string> read_memcheck_report(const std::filesystem::path& file);

/// Finds memcheck's errors in what a program and Valgrind have written to standard error, as they
/// do when a user has typed the command. Blocks that are not definitely lost are left out.
MemoryLook read_memcheck_text(std::string_view text);

}  // namespace heddle::inject
