// nearest_name.hpp: the name that a mistyped one may stand for.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace heddle::inject {

/// Returns the candidate with the fewest letters changed, added, left out or swapped; the first of
/// several. Nothing when even the nearest candidate has little in common with `typed`.
std::optional<std::string> nearest_name(std::string_view typed,
                                        std::span<const std::string> candidates);

/// Returns " (did you mean X?)", or an empty text.
std::string suggestion(std::string_view typed, std::span<const std::string> candidates);

}  // namespace heddle::inject
