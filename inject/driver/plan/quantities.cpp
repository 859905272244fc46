#include "plan/quantities.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace heddle::inject {
namespace {

__extension__ using Wide = unsigned __int128;

/// 10^-20 is less than half of 2^-64, so no more digits are ever needed to tell two chances apart.
constexpr std::size_t chance_digits = 20;

constexpr std::pair<std::string_view, std::uint64_t> units[] = {
    {"s", 1'000'000'000}, {"ms", 1'000'000}, {"us", 1'000}, {"ns", 1}};

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char letter) { return '0' <= letter && letter <= '9'; });
}

/// Returns numerator / 10^digits in units of 2^-64, rounded. The fraction must be less than 1.
Wide nearest_fraction(Wide numerator, std::size_t digits) {
  Wide denominator = 1;
  for (std::size_t digit = 0; digit < digits; ++digit) {
    denominator *= 10;
  }
  Wide quotient = 0;
  for (int bit = 0; bit < 64; ++bit) {  // a long division, since the product has up to 131 bits
    numerator *= 2;
    quotient = quotient * 2 + (numerator >= denominator ? 1 : 0);
    numerator %= denominator;
  }
  return quotient + (numerator * 2 >= denominator ? 1 : 0);
}

std::string decimal(Wide digits, std::size_t count) {
  std::string text(count, '0');
  for (std::size_t place = count; place > 0; --place) {
    text[place - 1] = static_cast<char>('0' + static_cast<int>(digits % 10));
    digits /= 10;
  }
  return text;
}

/// Splits "12.5ms" into "12", "5" and "ms".
struct Measured {
  std::string_view whole, fraction, unit;
};

Measured split(std::string_view text) {
  const std::size_t unit = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string_view number = text.substr(0, unit);
  const std::size_t point = std::min(number.find('.'), number.size());
  return {number.substr(0, point), number.substr(std::min(point + 1, number.size())),
          text.substr(unit)};
}

}  // namespace

std::optional<std::uint64_t> parse_chance(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  const bool has_digits = !whole.empty() && (point == text.size() || !fraction.empty());
  if (!has_digits || !all_digits(whole) || !all_digits(fraction)) {
    return std::nullopt;
  }
  if (whole == "1" && fraction.find_first_not_of('0') == std::string_view::npos) {
    return 0;
  }
  if (whole != "0") {
    return std::nullopt;
  }
  Wide numerator = 0;
  const std::string_view kept = fraction.substr(0, chance_digits);
  for (const char digit : kept) {
    numerator = numerator * 10 + static_cast<unsigned>(digit - '0');
  }
  const Wide chance = nearest_fraction(numerator, kept.size());
  // At most one step below 1: 2^64 itself would mean always.
  constexpr Wide most = std::numeric_limits<std::uint64_t>::max();
  return chance == 0 ? std::nullopt
                     : std::optional(static_cast<std::uint64_t>(std::min(chance, most)));
}

std::string format_chance(std::uint64_t chance) {
  if (chance == 0) {
    return "1";
  }
  Wide digits = 0;
  Wide rest = chance;
  Wide limit = 1;
  for (std::size_t count = 1; count <= chance_digits; ++count) {
    rest *= 10;
    limit *= 10;
    digits = digits * 10 + (rest >> 64);
    rest = static_cast<std::uint64_t>(rest);
    for (const Wide candidate : {digits, digits + 1}) {
      if (candidate < limit && nearest_fraction(candidate, count) == chance) {
        return "0." + decimal(candidate, count);
      }
    }
  }
  return "0." + decimal(digits, chance_digits);
}

std::optional<std::uint64_t> parse_duration(std::string_view text) {
  const Measured measured = split(text);
  const std::string_view unit = measured.unit.empty() ? "us" : measured.unit;
  const auto* const found =
      std::ranges::find(units, unit, &std::pair<std::string_view, std::uint64_t>::first);
  if (found == std::end(units) || !all_digits(measured.fraction)) {
    return std::nullopt;
  }
  std::uint64_t whole = 0;
  const char* const end = measured.whole.data() + measured.whole.size();
  if (std::from_chars(measured.whole.data(), end, whole) != std::from_chars_result{end, {}}) {
    return std::nullopt;
  }
  Wide nanoseconds = Wide{whole} * found->second;
  std::uint64_t place = found->second;
  for (const char digit : measured.fraction) {
    place /= 10;
    nanoseconds += Wide{place} * static_cast<unsigned>(digit - '0');
  }
  if (nanoseconds == 0 || nanoseconds > std::numeric_limits<std::uint64_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(nanoseconds);
}

std::string format_duration(std::uint64_t nanoseconds) {
  const auto* const unit = std::ranges::find_if(
      units, [&](const auto& candidate) { return nanoseconds % candidate.second == 0; });
  return fmt::format("{}{}", nanoseconds / unit->second, unit->first);
}

}  // namespace heddle::inject
