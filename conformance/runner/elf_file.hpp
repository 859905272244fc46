// What an ELF file says of itself, without loading it.
#pragma once

#include <optional>
#include <string>

namespace heddle::conformance {

/// Whether the file asks for an interpreter, as only programs do. What is no 64-bit ELF file is
/// left to the loader, which says best what is wrong with it.
bool has_interpreter(const std::string& path);

/// The name of the libc that the shared object needs, when that is another than glibc: musl calls
/// its own libc.so or libc.musl-ARCH.so.1.
std::optional<std::string> other_libc_of(const std::string& path);

}  // namespace heddle::conformance
