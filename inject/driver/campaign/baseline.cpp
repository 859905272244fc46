#include "campaign/baseline.h"

#include <algorithm>

#include "campaign/output_difference.h"

namespace heddle::inject {
namespace {

/// Lines that are remembered of what a program says when nothing fails.
constexpr std::size_t kRememberedLines = 10000;

bool is_among(const std::vector<std::string>& lines, std::string_view line) {
  return std::ranges::find(lines, line) != lines.end();
}

void remember(std::vector<std::string>& lines, std::string_view line) {
  if (lines.size() < kRememberedLines && !is_among(lines, line)) {
    lines.emplace_back(line);
  }
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
  widen(baseline.shared_bytes, state.shared_bytes, first);
  for (std::size_t call = 0; call < run.calls.size(); ++call) {
    widen(baseline.calls.at(call), run.calls.at(call), first);
  }
  for (const std::string_view line : lines_in(run.errors.head())) {
    remember(baseline.error_lines, line);
  }
  const auto messages = error_lines_in(run.output.head());
  for (const std::string_view message : messages) {
    remember(baseline.error_messages, message);
  }
  baseline.most_error_messages = std::max<uint64_t>(baseline.most_error_messages, messages.size());
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
  // Where lines differ from run to run all are new, such as those with a time of day.
  if (!baseline.errors) {
    for (const std::string_view line : error_lines_in(text)) {
      if (!is_among(baseline.error_lines, line)) {
        return std::string(line);
      }
    }
  }
  for (const std::string_view line : lines_in(text)) {
    if (!line.empty() && !is_among(baseline.error_lines, line)) {
      return std::string(line);
    }
  }
  return {};
}

std::string first_new_error_message(const Baseline& baseline, const OutputCapture& output) {
  const auto messages = error_lines_in(output.head());
  if (messages.size() <= baseline.most_error_messages) {
    return {};
  }
  const auto news = std::ranges::find_if(messages, [&](std::string_view message) {
    return !is_among(baseline.error_messages, message);
  });
  return std::string(news == messages.end() ? messages.back() : *news);
}

}  // namespace heddle::inject
