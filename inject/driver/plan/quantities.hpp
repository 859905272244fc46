// quantities.hpp: chances and durations, from text and to text, exactly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace heddle::inject {

/// The fraction of 2^64, to the nearest, of a decimal fraction between 0 and 1 such as "0.01". A 1
/// gives 0, as the control header has it: always. Nothing for other text, and for what is so small
/// that it would be 0.
std::optional<std::uint64_t> parse_chance(std::string_view text);

/// The shortest decimal fraction that parse_chance reads as this; "1" for 0.
std::string format_chance(std::uint64_t chance);

/// Nanoseconds from a number with or without a decimal fraction, and ns, us, ms, s or, as in
/// strace, nothing, which is us. Nothing for other text, less than 1 ns, and more than 64 bits.
std::optional<std::uint64_t> parse_duration(std::string_view text);

/// In the largest unit of which it is a whole number.
std::string format_duration(std::uint64_t nanoseconds);

}  // namespace heddle::inject
