// The clauses that the reference breaks on purpose, as it is built here.
#pragma once

#include <heddle/subject.h>

#include <array>

namespace heddle::adapter {

inline constexpr std::array<heddle_deviation, 0> deviations{};

}  // namespace heddle::adapter
