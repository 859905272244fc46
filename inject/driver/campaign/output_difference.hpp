// output_difference.hpp: how what a run wrote differs from what the program usually writes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "campaign/output_capture.hpp"

namespace heddle::inject {

/// The lines of a text, without the newlines that end them.
std::vector<std::string_view> lines_in(std::string_view text);

/// Those of its lines that speak of an error or a warning, in English, in order.
std::vector<std::string_view> error_lines_in(std::string_view text);

/// The lines of a text, each with the newline that ends it: the last one may have none.
std::vector<std::string_view> lines_with_ends(std::string_view text);

std::string_view without_end(std::string_view line);

/// Quotes a line without its end. Escapes what cannot be printed, and cuts a long line.
std::string quoted_line(std::string_view line);

}  // namespace heddle::inject
