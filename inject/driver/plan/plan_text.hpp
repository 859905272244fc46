// plan_text.hpp: plans that are written into files.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "plan/plan.hpp"

namespace heddle::inject {

/// Reads one expression a line. Blanks around it do not matter; empty lines, and those that begin
/// with '#', say nothing. `name` is the file's; a message begins with NAME:LINE:COLUMN, from 1.
tl::expected<std::vector<PlannedRule>, std::string> parse_plan_text(std::string_view text,
                                                                    std::string_view name);

/// The plan in a file of at most 1 MiB; otherwise, a message.
tl::expected<std::vector<PlannedRule>, std::string> read_plan_text(const std::string& path);

}  // namespace heddle::inject
