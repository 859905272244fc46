// fmt's functions, compiled once for all targets that link heddle_fmt. Debian's own library is a
// shared one, which would bring the C++ library into heddle-conform. The headers alone would cost
// five seconds in every file that formats a text, since each compiles all functions anew.
//
// Compile with FMT_HEADER_ONLY and without inlining: then the functions behind these pointers are
// emitted, and whatever else this version of fmt calls.
#include <fmt/format.h>

namespace {

[[gnu::used]] constexpr auto formats =
    static_cast<std::string (*)(fmt::string_view, fmt::format_args)>(&fmt::vformat);
[[gnu::used]] constexpr auto prints =
    static_cast<void (*)(fmt::string_view, fmt::format_args)>(&fmt::vprint);
[[gnu::used]] constexpr auto prints_to =
    static_cast<void (*)(std::FILE*, fmt::string_view, fmt::format_args)>(&fmt::vprint);

}  // namespace
