// What the tool says on standard output and standard error, which may be closed or full.
#pragma once

#include <string_view>

namespace heddle::conformance {

/// Prints on standard output. Returns exit_conforming, or exit_internal after a line on standard
/// error when the text cannot be written.
int print(std::string_view text);

/// Prints on standard error as far as that can be written.
void print_error(std::string_view text);

/// Says the message in one line on standard error, and returns the exit code. When that cannot be
/// written, the exit code alone has to tell.
int complain(int exit_code, std::string_view message);

}  // namespace heddle::conformance
