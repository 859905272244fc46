// leak_report.hpp: what LeakSanitizer's run-time library says of a process.
//
// The library is preloaded. When a process ends by exit(3) or by returning from main, it stops all
// threads (ptrace(2)) and looks for blocks of the heap to which nothing points any more; it says
// nothing about a process that ends in another way. See "LeakSanitizer" in the documentation of
// clang, and sanitizer_flags.inc of LLVM for its options.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "memory/memory_error.hpp"

namespace heddle::inject {

/// Returns the path of LeakSanitizer's run-time library; on failure, what to install.
tl::expected<std::string, std::string> find_leak_checker();

/// Says whether the object is the run-time library, whose own calls and frames are none of the
/// program's.
bool is_leak_checker(std::string_view object);

/// Returns the value of LSAN_OPTIONS that has each process write to `path`, followed by its name
/// and number: "path.EXE.PID". Keeps what it can of the user's `existing` value. The program's exit
/// status and its signals stay its own.
std::string leak_checker_options(const std::string& path, const std::string& existing);

/// Reads one report, of the form that leak_checker_options() asks for. Functions are not named:
/// addresses are offsets in their objects. Pure.
MemoryLook read_leak_report(std::string_view text);

}  // namespace heddle::inject
