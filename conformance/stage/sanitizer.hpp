// The sanitizer in the case's process, whoever brought it: the suite's build, the subject's, or a
// preloaded library.
//
// A sanitizer's run time interferes with stacks, signals and the end of threads. What a clause
// finds there may be the sanitizer's doing rather than the subject's.
#pragma once

#include <string_view>

namespace heddle::conformance {

/// Returns "AddressSanitizer", "MemorySanitizer" or "ThreadSanitizer" when its run time is in this
/// process, and otherwise an empty string.
std::string_view sanitizer();

/// Ends the case without a verdict when ThreadSanitizer is in this process. `what_it_does`
/// completes the sentence that begins with the sanitizer's name: "enlarges small stacks".
void excuse_under_thread_sanitizer(std::string_view what_it_does);

}  // namespace heddle::conformance
