// Valgrind's memcheck around the case, as a run with --check memcheck has it.
#pragma once

#include <string_view>

namespace heddle::conformance {

/// Ends the case without a verdict when it runs under Valgrind. `what_it_does` completes the
/// sentence that begins with "memcheck".
void excuse_under_memcheck(std::string_view what_it_does);

}  // namespace heddle::conformance
