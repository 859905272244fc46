// Output of the tool on standard output and standard error, either of which may be closed or full.
#pragma once

#include <string_view>

namespace heddle::conformance {

/// Prints on standard output. Returns exit_conforming; if the text cannot be written, says so on
/// standard error and returns exit_internal.
int print(std::string_view text);

/// Prints on standard error as far as it can be written.
void print_error(std::string_view text);

/// Prints the message in one line on standard error, and returns the exit code. If the message
/// cannot be written, the exit code alone must do.
int complain(int exit_code, std::string_view message);

}  // namespace heddle::conformance
