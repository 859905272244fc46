// A child that is a case, and whose end this process sees.
#pragma once

#include <functional>
#include <optional>

#include "stage/evidence.hpp"
#include "verdict/case_result.hpp"

namespace heddle::conformance {

/// Runs `work` in a child and returns how that ended, however long it takes. What the child prints
/// goes on to where this process prints. `work` says whether the child is to end through main: then
/// this function returns nothing, in the child. Throws std::system_error when there is no child.
std::optional<CaseResult> run_in_child(const std::function<bool(Evidence&)>& work);

}  // namespace heddle::conformance
