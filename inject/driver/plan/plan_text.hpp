// plan_text.hpp: plans as text files.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "plan/plan.hpp"

namespace heddle::inject {

/// Reads one expression a line, ignoring blanks around it, empty lines, and lines that begin with
/// '#'. `name` is the file's; a message begins with NAME:LINE:COLUMN, from 1.
tl::expected<std::vector<PlannedRule>, std::string> parse_plan_text(std::string_view text,
                                                                    std::string_view name);

/// Reads the plan in a file of at most 1 MiB; on failure, returns a message.
tl::expected<std::vector<PlannedRule>, std::string> read_plan_text(const std::string& path);

}  // namespace heddle::inject
