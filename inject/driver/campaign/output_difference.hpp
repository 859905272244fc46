// output_difference.hpp: the lines of an output, and which of them speak of errors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "campaign/output_capture.hpp"

namespace heddle::inject {

/// Returns the lines of a text, without their newlines.
std::vector<std::string_view> lines_in(std::string_view text);

/// Returns the lines that speak, in English, of an error or a warning, in order.
std::vector<std::string_view> error_lines_in(std::string_view text);

/// Returns the lines of a text with their newlines; the last line may have none.
std::vector<std::string_view> lines_with_ends(std::string_view text);

std::string_view without_end(std::string_view line);

/// Quotes a line without its end. Escapes what cannot be printed, and cuts a long line.
std::string quoted_line(std::string_view line);

}  // namespace heddle::inject
