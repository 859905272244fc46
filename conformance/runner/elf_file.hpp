// Facts about an ELF file, read without loading it.
#pragma once

#include <optional>
#include <string>

namespace heddle::conformance {

/// Returns whether the file asks for an interpreter, as only programs do. Returns false for a file
/// that is not 64-bit ELF: the loader says best what is wrong with it.
bool has_interpreter(const std::string& path);

/// Returns the name of the libc that the shared object needs, unless it is glibc. musl's is libc.so
/// or libc.musl-ARCH.so.1.
std::optional<std::string> other_libc_of(const std::string& path);

}  // namespace heddle::conformance
