// plan_error.hpp: a mistake in a plan, and where it stands.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace heddle::inject {

struct PlanError {
  std::size_t column;  // in the expression, in bytes, from 0; may be its end
  std::string message;
};

/// Writes three lines for people: the message, the expression, and a caret below the column.
std::string describe(const PlanError& error, std::string_view expression);

}  // namespace heddle::inject
