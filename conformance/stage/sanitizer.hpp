// The sanitizer in the case's process, whoever brought it: the suite's build, the subject's, or a
// preloaded library.
//
// A sanitizer's run time has a hand in stacks, signals and the end of threads. What a clause finds
// there may then be the sanitizer's doing, and no fault of the subject's.
#pragma once

#include <string_view>

namespace heddle::conformance {

/// "AddressSanitizer", "MemorySanitizer" or "ThreadSanitizer" when its run time is in this process,
/// or else empty.
std::string_view sanitizer();

/// Ends the case as one that cannot judge when ThreadSanitizer is in this process. `what_it_does`
/// goes on where its name begins: "enlarges small stacks".
void excuse_under_thread_sanitizer(std::string_view what_it_does);

}  // namespace heddle::conformance
