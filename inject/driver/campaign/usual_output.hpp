// usual_output.hpp: what all fault-free runs write to one stream or file, as far as they agree.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "campaign/output_capture.hpp"

namespace heddle::inject {

/// Compares outputs with those of the fault-free runs: byte by byte, save for the numbers that
/// differed between these runs, and for times, dates and durations. Of an output that is too
/// long to be kept, only the whole is compared.
class UsualOutput {
 public:
  explicit UsualOutput(OutputCapture first) : first_(std::move(first)) {}

  /// Takes in what another fault-free run wrote.
  void add(const OutputCapture& other);

  /// False when the fault-free runs differ in more than numbers: then no comparison is possible.
  bool is_comparable() const { return is_comparable_; }
  /// Says whether the fault-free runs differ at all.
  bool varies() const { return varies_; }

  bool matches(const OutputCapture& seen) const;

  /// Says where the output first differs from the usual one, as the end of a sentence: "has 'b'
  /// instead of 'a' in line 3". Escapes what cannot be printed, and cuts long lines.
  std::string difference(const OutputCapture& seen) const;

  /// Says whether all usual lines are there, in order, with others added. False for an output that
  /// is too long to be kept.
  bool has_lines_added(const OutputCapture& seen) const;

  /// Says whether a line is new, or comes more often than in any fault-free run. True for an
  /// unusual output that is too long to be kept.
  bool has_new_line(const OutputCapture& seen) const;

  /// Returns the lines with unusual numbers; nothing when more than numbers is unusual.
  std::optional<std::vector<std::string_view>> lines_with_other_numbers(
      const OutputCapture& seen) const;

 private:
  /// Says whether only lines are missing, and the rest is in its usual order.
  bool lacks_lines(const std::vector<std::string_view>& usual_lines,
                   const std::vector<std::string_view>& seen_lines) const;
  bool line_matches(std::size_t line, std::string_view usual, std::string_view seen) const;

  OutputCapture first_;
  std::set<std::pair<std::size_t, std::size_t>> varying_;  // line, and part of the line
  bool is_comparable_ = true;
  bool varies_ = false;
};

}  // namespace heddle::inject
