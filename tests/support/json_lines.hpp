// The objects of a report for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/text_lines.hpp"

namespace heddle::tests {

/// Returns the values of a text that has one in each line. Throws when a line is no JSON.
inline std::vector<nlohmann::json> json_lines_of(const std::string& text) {
  std::vector<nlohmann::json> values;
  for (const std::string& line : lines_of(text)) {
    values.push_back(nlohmann::json::parse(line));
  }
  return values;
}

}  // namespace heddle::tests
