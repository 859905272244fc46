#include "campaign/fault_free_end.hpp"

#include <fmt/core.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "campaign/output_difference.hpp"
#include "campaign/output_words.hpp"

namespace heddle::inject {
namespace {

bool was_stopped(const Observation& run, const CampaignOptions& options) {
  return !options.ready.empty() && WIFSIGNALED(run.wait_status) &&
         WTERMSIG(run.wait_status) == options.stop_signal;
}

bool ended_as_expected(const Observation& run, const CampaignOptions& options) {
  return was_stopped(run, options) ||
         (WIFEXITED(run.wait_status) &&
          static_cast<std::uint64_t>(WEXITSTATUS(run.wait_status)) == options.baseline_status);
}

/// Returns "Invalid read of size 4" for "==1234== Invalid read of size 4"; other lines as they are.
std::string_view without_process(std::string_view line) {
  if (!line.starts_with("==")) {
    return line;
  }
  const std::size_t end = line.find_first_not_of("0123456789", 2);
  const bool has_process = end != std::string_view::npos && line.substr(end).starts_with("==");
  return has_process ? line.substr(std::min(line.size(), end + 3)) : line;
}

bool is_valgrinds_error(std::string_view line) {
  const std::string_view text = without_process(line);
  if (text.size() == line.size()) {
    return false;
  }
  constexpr std::array<std::string_view, 7> errors{
      "Invalid read",  "Invalid write", "Conditional jump",  "Use of uninitialised value",
      "Syscall param", "Invalid free",  "Possible data race"};
  const bool has_count = text.starts_with("ERROR SUMMARY: ");
  return has_count ? !text.starts_with("ERROR SUMMARY: 0 errors")
                   : text.find("definitely lost in loss record") != std::string_view::npos ||
                         std::ranges::any_of(errors, [&](std::string_view error) {
                           return text.starts_with(error);
                         });
}

bool is_sanitizers_error(std::string_view line) {
  const bool by_name = line.find("Sanitizer: ") != std::string_view::npos &&
                       (line.find("ERROR: ") != std::string_view::npos ||
                        line.find("WARNING: ") != std::string_view::npos ||
                        line.find("SUMMARY: ") != std::string_view::npos);
  return by_name || line.find(": runtime error: ") != std::string_view::npos;
}

/// Returns the line that best says what a sanitizer or memcheck found: its summary if it has one.
std::string report_in(const Observation& run) {
  std::string_view report;
  for (const std::string_view text : {std::string_view(run.errors.head()), run.errors.tail()}) {
    for (const std::string_view line : lines_in(text)) {
      const bool is_report = is_sanitizers_error(line) || is_valgrinds_error(line);
      if (is_report && (report.empty() || line.find("SUMMARY: ") != std::string_view::npos)) {
        report = line;
      }
    }
  }
  return std::string(without_process(report));
}

std::string statuses_of(const std::vector<Observation>& runs) {
  std::vector<std::string> statuses;
  for (const Observation& run : runs) {
    std::string status = describe_wait_status(run.wait_status);
    if (std::ranges::find(statuses, status) == statuses.end()) {
      statuses.push_back(std::move(status));
    }
  }
  std::string text;
  for (const std::string& status : statuses) {
    text += (text.empty() ? "" : ", ") + status;
  }
  return text;
}

std::string remark_on_status(const Baseline& baseline, const std::vector<Observation>& runs,
                             const CampaignOptions& options) {
  if (!baseline.wait_status) {
    return fmt::format("its status differs from run to run ({}), so nothing is concluded from it",
                       statuses_of(runs));
  }
  if (!baseline.failed) {
    return {};
  }
  const std::string status = describe_wait_status(*baseline.wait_status);
  if (WIFSIGNALED(*baseline.wait_status)) {
    return fmt::format("it ends with {}", status);
  }
  return options.baseline_status != 0
             ? fmt::format("it ends with {}, and not with the {} of --baseline-status", status,
                           options.baseline_status)
             : fmt::format("it ends with {} (if that is as it should be: --baseline-status {})",
                           status, WEXITSTATUS(*baseline.wait_status));
}

}  // namespace

void note_failure(Baseline& baseline, const std::vector<Observation>& runs,
                  const CampaignOptions& options) {
  baseline.failed = baseline.wait_status && !ended_as_expected(runs.front(), options);
  baseline.any_killed = std::ranges::any_of(
      runs, [](const Observation& run) { return WIFSIGNALED(run.wait_status); });
}

std::string remark_on_end(const Baseline& baseline, const std::vector<Observation>& runs,
                          const CampaignOptions& options) {
  std::string remark = remark_on_status(baseline, runs, options);
  for (const Observation& run : runs) {
    if (const std::string report = report_in(run); !report.empty()) {
      remark += fmt::format("{}it has a report: {}", remark.empty() ? "" : "; ", report);
      break;
    }
  }
  return remark.empty() ? remark : "without any fault: " + remark;
}

bool is_usual_summary(const Baseline& baseline, std::string_view summary) {
  return baseline.error_lines.words.contains(without_numbers(summary));
}

Judgement as_far_as_known(const Baseline& baseline, Judgement judgement) {
  const bool on_silence =
      judgement.verdict == Verdict::wrong_output || judgement.verdict == Verdict::silently_degraded;
  const bool on_success = on_silence || judgement.verdict == Verdict::survived;
  if (baseline.failed && on_success) {
    return {Verdict::not_judged,
            fmt::format("there is nothing to compare with: without any fault it fails as well, {}",
                        describe_wait_status(*baseline.wait_status)),
            std::move(judgement.message)};
  }
  if (!baseline.wait_status && on_silence) {
    return {Verdict::not_judged,
            "its status may have told of the fault, but differs from run to run without any fault",
            std::move(judgement.message)};
  }
  if (!baseline.wait_status && judgement.verdict == Verdict::survived) {
    judgement.evidence = "output as without the fault; its status differs without any fault";
  }
  return judgement;
}

}  // namespace heddle::inject
