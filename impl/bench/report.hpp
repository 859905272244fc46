// The report, for people and for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "finding.hpp"
#include "resources.hpp"

namespace heddle::bench {

struct ContenderResources {
  std::string_view contender;
  Resources resources;
};

struct Report {
  std::vector<Contender> contenders;
  std::vector<Finding> findings;
  std::vector<ContenderResources> resources;
};

/// Returns lines of text: each operation's medians, and heddle's ratio to the baseline.
std::string as_table(const Report& report);

/// Returns the same figures, and each round's times.
nlohmann::json as_json(const Report& report);

}  // namespace heddle::bench
