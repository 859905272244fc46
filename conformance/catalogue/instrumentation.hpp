// Which sanitizer the suite itself is built with.
#pragma once

namespace heddle::conformance {

/// ThreadSanitizer follows the suite's own locks and atomics only then. It otherwise takes for
/// races what the suite has put in order.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool thread_sanitizer_build = true;
#elif defined(__has_feature)
inline constexpr bool thread_sanitizer_build = __has_feature(thread_sanitizer);
#else
inline constexpr bool thread_sanitizer_build = false;
#endif

}  // namespace heddle::conformance
