#include "campaign/baseline.h"

#include <algorithm>
#include <sstream>

namespace heddle::inject {
namespace {

/// Lines that are remembered of a program's standard error when nothing fails.
constexpr std::size_t kRememberedLines = 10000;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(std::move(line));
  }
  return lines;
}

void widen(Range& range, uint64_t value, bool first) {
  range.least = first ? value : std::min(range.least, value);
  range.most = first ? value : std::max(range.most, value);
}

/// Forgets a value that another run does not share.
template <typename Value, typename Same>
void keep_if(std::optional<Value>& value, const Same& same) {
  if (value && !same(*value)) {
    value.reset();
  }
}

void compare(Baseline& baseline, const Observation& run) {
  keep_if(baseline.wait_status, [&](int status) { return status == run.wait_status; });
  keep_if(baseline.output, [&](const auto& output) { return output.same_as(run.output); });
  keep_if(baseline.errors, [&](const auto& errors) { return errors.same_as(run.errors); });
  keep_if(baseline.client_status, [&](int status) { return status == run.client.wait_status; });
  keep_if(baseline.client_output,
          [&](const auto& output) { return output.same_as(run.client.output); });
}

void add(Baseline& baseline, const Observation& run) {
  const bool first = baseline.runs == 0;
  const heddle_inject_exit_state& state = run.exit_state;
  baseline.exit_observed = (first || baseline.exit_observed) && state.observed != 0;
  widen(baseline.threads, state.threads, first);
  widen(baseline.descriptors, state.descriptors, first);
  widen(baseline.mapped_bytes, state.mapped_bytes, first);
  for (std::size_t call = 0; call < run.calls.size(); ++call) {
    widen(baseline.calls.at(call), run.calls.at(call), first);
  }
  for (std::string& line : lines_of(run.errors.head())) {
    if (baseline.error_lines.size() < kRememberedLines &&
        std::ranges::find(baseline.error_lines, line) == baseline.error_lines.end()) {
      baseline.error_lines.push_back(std::move(line));
    }
  }
  baseline.slowest_ms = std::max(baseline.slowest_ms, run.milliseconds);
  ++baseline.runs;
}

}  // namespace

tl::expected<Baseline, std::string> baseline_of(const std::vector<Observation>& runs) {
  Baseline baseline;
  const Observation& first = runs.front();
  baseline.wait_status = first.wait_status;
  baseline.output = first.output;
  baseline.errors = first.errors;
  if (first.client.ended) {
    baseline.client_status = first.client.wait_status;
    baseline.client_output = first.client.output;
  }
  for (const Observation& run : runs) {
    if (run.end != RunEnd::kEnded) {
      return tl::unexpected(std::string(
          "without any fault the program does not end in time: give it more with --timeout, or, if "
          "it is a server, say with --ready, --then and --stop-signal how to use and end it"));
    }
    compare(baseline, run);
    add(baseline, run);
  }
  return baseline;
}

std::string first_new_line(const Baseline& baseline, std::string_view text) {
  for (const std::string& line : lines_of(text)) {
    if (!line.empty() &&
        std::ranges::find(baseline.error_lines, line) == baseline.error_lines.end()) {
      return line;
    }
  }
  return {};
}

}  // namespace heddle::inject
