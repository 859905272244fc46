#include "plan/plan_error.hpp"

#include <fmt/core.h>

namespace heddle::inject {

std::string describe(const PlanError& error, std::string_view expression) {
  return fmt::format("{}\n  {}\n  {:>{}}", error.message, expression, '^', error.column + 1);
}

}  // namespace heddle::inject
