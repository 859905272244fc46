// A subject's description as JSON, for the few files that send or read one.
#pragma once

#include <nlohmann/json.hpp>

#include "runner/loaded_subject.hpp"

namespace heddle::conformance {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Description, name, version, profile, flags, features, lacks,
                                   deviations)

}  // namespace heddle::conformance
