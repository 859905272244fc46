#include "json_schema.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace heddle::conformance::views {
namespace {

using nlohmann::json;

bool has_type(const json& value, const std::string& type) {
  return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
         (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean()) ||
         (type == "integer" && value.is_number_integer());
}

std::string one_of_violation(const json& value, const json& alternatives, const json& root,
                             const std::string& where) {
  std::string violations;
  int matches = 0;
  for (const json& alternative : alternatives) {
    const std::string violation = schema_violation(value, alternative, root, where);
    matches += violation.empty() ? 1 : 0;
    violations += violation + "; ";
  }
  return matches == 1 ? "" : fmt::format("{} matches {}: {}", where, matches, violations);
}

std::string properties_violation(const json& value, const json& schema, const json& root,
                                 const std::string& where) {
  for (const auto& [name, property] : value.items()) {
    if (!schema.at("properties").contains(name)) {
      return fmt::format("{} has the unknown property {}", where, name);
    }
    std::string violation = schema_violation(property, schema.at("properties").at(name), root,
                                             fmt::format("{}.{}", where, name));
    if (!violation.empty()) {
      return violation;
    }
  }
  return "";
}

std::string required_violation(const json& value, const json& required, const std::string& where) {
  for (const json& name : required) {
    if (!value.contains(name.get<std::string>())) {
      return fmt::format("{} lacks {}", where, name.get<std::string>());
    }
  }
  return "";
}

std::string items_violation(const json& value, const json& schema, const json& root,
                            const std::string& where) {
  for (const json& item : value) {
    std::string violation = schema_violation(item, schema, root, where + "[]");
    if (!violation.empty()) {
      return violation;
    }
  }
  return "";
}

std::string keyword_violation(const std::string& keyword, const json& rule, const json& value,
                              const json& schema, const json& root, const std::string& where) {
  const auto violated = [&](bool valid) {
    return valid ? "" : fmt::format("{} breaks {} {}", where, keyword, rule.dump());
  };
  if (keyword == "type") return violated(has_type(value, rule));
  if (keyword == "const") return violated(value == rule);
  if (keyword == "enum") return violated(std::find(rule.begin(), rule.end(), value) != rule.end());
  if (keyword == "minimum") return violated(value >= rule);
  if (keyword == "required") return required_violation(value, rule, where);
  if (keyword == "properties") return properties_violation(value, schema, root, where);
  if (keyword == "items") return items_violation(value, rule, root, where);
  if (keyword == "oneOf") return one_of_violation(value, rule, root, where);
  if (keyword == "$ref") {
    const std::string reference = rule;
    return schema_violation(value, root.at(json::json_pointer(reference.substr(1))), root, where);
  }
  // additionalProperties is always false here, and is checked with the properties.
  const bool says_nothing = keyword == "$schema" || keyword == "title" ||
                            keyword == "description" || keyword == "$defs" ||
                            (keyword == "additionalProperties" && rule == false);
  return says_nothing ? "" : "the schema uses a keyword that nobody checks: " + keyword;
}

}  // namespace

std::string schema_violation(const json& value, const json& schema, const json& root,
                             const std::string& where) {
  for (const auto& [keyword, rule] : schema.items()) {
    std::string violation = keyword_violation(keyword, rule, value, schema, root, where);
    if (!violation.empty()) {
      return violation;
    }
  }
  return "";
}

}  // namespace heddle::conformance::views
