// A child that is a case, whose end this process sees.
#pragma once

#include <functional>
#include <optional>

#include "stage/evidence.hpp"
#include "verdict/case_result.hpp"

namespace heddle::conformance {

/// Runs `work` in a child and returns how the child ended, however long it takes. What the child
/// prints is handed on to this process's own streams. If `work` returns true, the child ends
/// through main: this function then returns nothing, in the child. Throws std::system_error if no
/// child can be made.
std::optional<CaseResult> run_in_child(const std::function<bool(Evidence&)>& work);

}  // namespace heddle::conformance
