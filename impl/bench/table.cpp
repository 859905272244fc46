#include <fmt/format.h>

#include <algorithm>

#include "report.hpp"

namespace heddle::bench {
namespace {

constexpr int name_width = 22;
constexpr int time_width = 11;

std::string time_text(double nanoseconds) {
  return nanoseconds < 1000 ? fmt::format("{:.2f} ns", nanoseconds)
                            : fmt::format("{:.2f} us", nanoseconds / 1000);
}

std::string median_text(const Finding& finding, std::string_view contender) {
  for (const Series& series : finding.series) {
    if (series.contender == contender) {
      return time_text(spread_of(series.times_ns).median);
    }
  }
  return "-";
}

// "0.72 (0.71-0.74) of rust, target 0.76: met"
std::string comparison_text(const Finding& finding) {
  if (!finding.comparison) {
    return "-";
  }
  const auto& [ratio, target] = *finding.comparison;
  std::string text = fmt::format("{:.2f} ({:.2f}-{:.2f}) of {}", ratio.median, ratio.low,
                                 ratio.high, finding.operation->baseline);
  if (target) {
    text +=
        fmt::format(", target {:.2f}: {}", *target, finding.comparison->met() ? "met" : "MISSED");
  }
  return text;
}

std::string heading(std::string_view first, const std::vector<Contender>& contenders) {
  std::string line = fmt::format("{:<{}}", first, name_width);
  for (const Contender& contender : contenders) {
    line += fmt::format(" {:>{}}", contender.name, time_width);
  }
  return line;
}

std::string times_on(Place place, std::string_view title, const Report& report) {
  std::string text;
  for (const Finding& finding : report.findings) {
    if (finding.operation->place != place) {
      continue;
    }
    text += fmt::format("{:<{}}", finding.operation->name, name_width);
    for (const Contender& contender : report.contenders) {
      text += fmt::format(" {:>{}}", median_text(finding, contender.name), time_width);
    }
    text += fmt::format("  {}\n", comparison_text(finding));
  }
  if (text.empty()) {
    return text;
  }
  return fmt::format("\n{}  heddle's ratio (half of all rounds)\n{}",
                     heading(title, report.contenders), text);
}

std::string count_text(std::optional<double> count) {
  return count ? fmt::format("{:.1f}", *count) : "-";
}

std::string resource_line(std::string_view name, const Report& report,
                          std::optional<double> (*count)(const Resources& of)) {
  std::string line = fmt::format("{:<{}}", name, name_width);
  for (const Contender& contender : report.contenders) {
    const auto found = std::find_if(
        report.resources.begin(), report.resources.end(),
        [&](const ContenderResources& one) { return one.contender == contender.name; });
    line += fmt::format(" {:>{}}",
                        found == report.resources.end() ? "-" : count_text(count(found->resources)),
                        time_width);
  }
  return line + "\n";
}

std::string resources_text(const Report& report) {
  using R = Resources;
  if (report.resources.empty()) {
    return "";
  }
  return "\n" + heading("one spawn and join", report.contenders) + "\n" +
         resource_line("allocations", report,
                       [](const R& of) { return std::optional(of.allocations); }) +
         resource_line("bytes allocated", report,
                       [](const R& of) { return std::optional(of.allocated_bytes); }) +
         resource_line("bytes mapped", report, [](const R& of) { return of.mapped_bytes; }) +
         resource_line("system calls", report, [](const R& of) { return of.system_calls; }) +
         resource_line("page faults", report,
                       [](const R& of) { return std::optional(of.page_faults); });
}

}  // namespace

std::string as_table(const Report& report) {
  std::string text;
  for (const Contender& contender : report.contenders) {
    text += fmt::format("{}: {}\n", contender.name, contender.loops->built_by);
  }
  return text + times_on(Place::one_cpu, "on one CPU, CPU time", report) +
         times_on(Place::two_cpus, "on two CPUs", report) + resources_text(report);
}

}  // namespace heddle::bench
