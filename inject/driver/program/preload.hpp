// preload.hpp: how the shim gets into the program.
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace heddle::inject {

/// The shim's absolute path: beside this program's folder, in a build tree and after an install
/// alike. Otherwise, a message that names where it was looked for.
tl::expected<std::string, std::string> find_shim();

/// The value of LD_PRELOAD that puts the shim before `existing`, which may be empty. The dynamic
/// linker splits the value at spaces and colons, and expands '$'; a shim whose path has one of
/// these is named through a descriptor, /proc/PID/fd/N, which stays open until this process ends.
tl::expected<std::string, std::string> preload_value(const std::string& shim,
                                                     const std::string& existing);

/// The same for the shim that belongs to this program, before what this process's own environment
/// preloads.
tl::expected<std::string, std::string> preload_of_program();

/// Sets LD_PRELOAD to that value in this process, which is about to execute the program. gcc's
/// AddressSanitizer refuses to start when any library comes before its own, so ASAN_OPTIONS gets
/// "verify_asan_link_order=0" added: the shim defines no function of those that the order is about.
/// To preload that library first instead would bring it into every program that is executed later,
/// and have those checked for leaks. False, with errno, when there is no memory for it.
bool set_preload(const std::string& value);

}  // namespace heddle::inject
