// baseline.h: what the program does when nothing fails.
#ifndef HEDDLE_INJECT_DRIVER_BASELINE_H
#define HEDDLE_INJECT_DRIVER_BASELINE_H

#include <array>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "campaign/campaign_log.h"
#include "campaign/observation.h"

namespace heddle::inject {

/// What all fault-free runs had in common. What differed between them is nothing, and is not
/// compared with any run.
struct Baseline {
  std::optional<int> wait_status;
  std::optional<OutputCapture> output;
  std::optional<OutputCapture> errors;
  std::optional<int> client_status;            // nothing also when there is no client
  std::optional<OutputCapture> client_output;  // the same
  std::vector<std::string> error_lines;        // on standard error, of all runs, each once
  std::vector<std::string> error_messages;     // on standard output, of all runs, each once
  uint64_t most_error_messages = 0;            // there, in one run
  uint64_t runs = 0;
  bool exit_observed = false;                              // in all runs
  Range threads, descriptors, mapped_bytes, shared_bytes;  // at exit, if it was observed
  std::array<Range, HEDDLE_INJECT_CALLS> calls;
  double slowest_ms = 0;
};

/// From at least one run. Otherwise, a message: a run that hangs by itself has nothing to compare
/// with.
tl::expected<Baseline, std::string> baseline_of(const std::vector<Observation>& runs);

/// The first line of the text that is none of the baseline's on standard error, if those differ
/// from run to run the first that speaks of an error; empty when there is none.
std::string first_new_line(const Baseline& baseline, std::string_view text);

/// A message about an error on standard output; empty when there are no more than in fault-free
/// runs.
std::string first_new_error_message(const Baseline& baseline, const OutputCapture& output);

}  // namespace heddle::inject

#endif
