#include "plan/comparison.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

namespace heddle::inject {
namespace {

constexpr std::pair<std::string_view, std::uint32_t> comparators[] = {
    // Longer comparators first, since each is tried in turn.
    {"!=", HEDDLE_INJECT_NOT_EQUAL},
    {"<=", HEDDLE_INJECT_LESS_OR_EQUAL},
    {">=", HEDDLE_INJECT_GREATER_OR_EQUAL},
    {"&=", HEDDLE_INJECT_ALL_BITS},
    {"=", HEDDLE_INJECT_EQUAL},
    {"<", HEDDLE_INJECT_LESS},
    {">", HEDDLE_INJECT_GREATER},
    {"&", HEDDLE_INJECT_ANY_BIT}};

}  // namespace

Problem read_comparison(ExpressionReader& reader, std::string_view argument, std::size_t column,
                        heddle_inject_rule& rule) {
  if (argument.size() != 4 || argument[3] < '1' || argument[3] > '6') {
    return PlanError{column, fmt::format("'{}' is no argument: there are arg1 to arg6", argument)};
  }
  heddle_inject_comparison* const comparison =
      std::ranges::find(rule.comparisons, 0, &heddle_inject_comparison::argument);
  if (comparison == std::end(rule.comparisons)) {
    return PlanError{column, fmt::format("a rule compares arguments at most {} times",
                                         std::size(rule.comparisons))};
  }
  const auto* const comparator = std::ranges::find_if(
      comparators, [&](const auto& candidate) { return reader.skip(candidate.first); });
  if (comparator == std::end(comparators)) {
    return PlanError{reader.column(),
                     fmt::format("{} needs a comparison: = != < <= > >= & or &=", argument)};
  }
  comparison->argument = static_cast<std::uint16_t>(argument[3] - '0');
  comparison->comparator = static_cast<std::uint16_t>(comparator->second);
  return reader.integer(argument, comparison->value);
}

std::string format_comparison(const heddle_inject_comparison& comparison) {
  const auto* const comparator = std::ranges::find(
      comparators, comparison.comparator, &std::pair<std::string_view, std::uint32_t>::second);
  const bool is_bits = comparison.comparator == HEDDLE_INJECT_ALL_BITS ||
                       comparison.comparator == HEDDLE_INJECT_ANY_BIT;
  return is_bits
             ? fmt::format("arg{}{}{:#x}", comparison.argument, comparator->first, comparison.value)
             : fmt::format("arg{}{}{}", comparison.argument, comparator->first, comparison.value);
}

}  // namespace heddle::inject
