// output_difference.h: how what a run wrote differs from what the program usually writes.
#ifndef HEDDLE_INJECT_DRIVER_OUTPUT_DIFFERENCE_H
#define HEDDLE_INJECT_DRIVER_OUTPUT_DIFFERENCE_H

#include <string>
#include <string_view>
#include <vector>

#include "campaign/output_capture.h"

namespace heddle::inject {

/// The lines of a text, without the newlines that end them.
std::vector<std::string_view> lines_in(std::string_view text);

/// Those of its lines that speak of an error or a warning, in English, in order.
std::vector<std::string_view> error_lines_in(std::string_view text);

/// Where two different outputs first differ, as the end of a sentence about the second: "has 'b'
/// instead of 'a' in line 3". What cannot be printed is escaped, and long lines are cut.
std::string describe_difference(const OutputCapture& usual, const OutputCapture& seen);

/// Whether all that is usually written was written, in order, and nothing but lines added. Not
/// known to be so, hence false, of what is too long to be kept.
bool only_adds_lines(const OutputCapture& usual, const OutputCapture& seen);

}  // namespace heddle::inject

#endif
