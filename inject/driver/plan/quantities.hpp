// quantities.hpp: chances and durations, read from text and written to text exactly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace heddle::inject {

/// Reads a decimal fraction between 0 and 1, such as "0.01", as a fraction of 2^64, rounded. A 1
/// gives 0, which inject_control.h reads as always. Nothing for other text, and for fractions so
/// small that they would become 0.
std::optional<std::uint64_t> parse_chance(std::string_view text);

/// Returns the shortest decimal fraction that parse_chance reads as this chance; "1" for 0.
std::string format_chance(std::uint64_t chance);

/// Reads nanoseconds from a number, with or without a decimal fraction, and its unit: ns, us, ms or
/// s; without one, us as in strace. Nothing for other text, for less than 1 ns, and for more than
/// 64 bits.
std::optional<std::uint64_t> parse_duration(std::string_view text);

/// Writes a duration in the largest unit that gives a whole number.
std::string format_duration(std::uint64_t nanoseconds);

}  // namespace heddle::inject
