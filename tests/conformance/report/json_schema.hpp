// As much of JSON Schema as record.schema.json uses. A keyword that it does not know is an error,
// so that the schema cannot come to ask for something that nobody checks.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace heddle::conformance::views {

/// Empty if the value is valid, otherwise what is wrong and where. `root` resolves references.
std::string schema_violation(const nlohmann::json& value, const nlohmann::json& schema,
                             const nlohmann::json& root, const std::string& where = "line");

}  // namespace heddle::conformance::views
