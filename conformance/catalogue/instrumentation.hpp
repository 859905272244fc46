// The sanitizer that the suite itself is built with.
#pragma once

namespace heddle::conformance {

/// Whether the suite is built with ThreadSanitizer. Otherwise ThreadSanitizer misses the suite's
/// own locks and atomics, and takes for races what they order.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool thread_sanitizer_build = true;
#elif defined(__has_feature)
inline constexpr bool thread_sanitizer_build = __has_feature(thread_sanitizer);
#else
inline constexpr bool thread_sanitizer_build = false;
#endif

}  // namespace heddle::conformance
