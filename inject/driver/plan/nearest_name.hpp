// nearest_name.hpp: what somebody may have meant who has mistyped a name.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace heddle::inject {

/// The candidate that needs the fewest letters changed, added, left out or swapped; the first of
/// several. Nothing when even that one has little in common with `typed`.
std::optional<std::string> nearest_name(std::string_view typed,
                                        std::span<const std::string> candidates);

/// " (did you mean X?)", or nothing.
std::string suggestion(std::string_view typed, std::span<const std::string> candidates);

}  // namespace heddle::inject
