// preload.hpp: how the shim gets into the program.
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace heddle::inject {

/// Returns the shim's absolute path: beside this program's folder, in a build tree as after an
/// install. On failure, returns a message with the path that was tried.
tl::expected<std::string, std::string> find_shim();

/// Returns the value of LD_PRELOAD that puts the shim before `existing`, which may be empty. The
/// dynamic linker splits the value at spaces and colons, and expands '$'. A shim whose path has one
/// of these is named through a descriptor, /proc/PID/fd/N, which stays open until this process
/// ends.
tl::expected<std::string, std::string> preload_value(const std::string& shim,
                                                     const std::string& existing);

/// Returns that value for the shim that belongs to this program, before the library `behind`, if it
/// is not empty, and what this process's own environment preloads.
tl::expected<std::string, std::string> preload_of_program(const std::string& behind = {});

/// Sets LD_PRELOAD to the value in this process, which is about to execute the program. gcc's
/// AddressSanitizer refuses to start behind another library, so this adds
/// "verify_asan_link_order=0" to ASAN_OPTIONS: the shim defines none of the functions for which the
/// order matters. Preloading libasan before the shim instead would bring it into every program that
/// is executed later, and check those for leaks. False, with errno, when memory is short.
bool set_preload(const std::string& value);

}  // namespace heddle::inject
