// fmt's functions, compiled once for all who link heddle_fmt. Debian has them as a shared library
// alone, which brings the C++ library into heddle-conform; and in their header-only form every file
// that formats a text compiles all of them anew, for five seconds.
//
// Compile with FMT_HEADER_ONLY and without inlining, so that what the pointers lead to is emitted,
// whatever the version of fmt has there.
#include <fmt/format.h>

namespace {

[[gnu::used]] constexpr auto formats =
    static_cast<std::string (*)(fmt::string_view, fmt::format_args)>(&fmt::vformat);
[[gnu::used]] constexpr auto prints =
    static_cast<void (*)(fmt::string_view, fmt::format_args)>(&fmt::vprint);
[[gnu::used]] constexpr auto prints_to =
    static_cast<void (*)(std::FILE*, fmt::string_view, fmt::format_args)>(&fmt::vprint);

}  // namespace
