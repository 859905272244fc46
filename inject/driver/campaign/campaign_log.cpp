#include "campaign/campaign_log.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

namespace heddle::inject {
namespace {

constexpr std::array<std::pair<Verdict, std::string_view>, 14> verdict_names{{
    {Verdict::not_reached, "not reached"},
    {Verdict::not_judged, "not judged"},
    {Verdict::survived, "survived"},
    {Verdict::reported, "reported"},
    {Verdict::unstable, "unstable"},
    {Verdict::aborted, "aborted"},
    {Verdict::crashed, "crashed"},
    {Verdict::memory_error, "memory error"},
    {Verdict::hung, "hung"},
    {Verdict::still_waiting, "still waiting"},
    {Verdict::out_of_service, "out of service"},
    {Verdict::leaked, "leaked"},
    {Verdict::wrong_output, "wrong output"},
    {Verdict::silently_degraded, "silently degraded"},
}};

constexpr std::array<std::pair<Shape, std::string_view>, 3> shape_names{{
    {Shape::once, "once"},
    {Shape::from_here_on, "from here on"},
    {Shape::in_a_row, "in a row"},
}};

template <typename Names, typename Value>
std::string_view name_in(const Names& names, Value value) {
  for (const auto& [known, name] : names) {
    if (known == value) {
      return name;
    }
  }
  return "unknown";
}

template <typename Names>
auto value_in(const Names& names, std::string_view name)
    -> std::optional<typename Names::value_type::first_type> {
  for (const auto& [value, known] : names) {
    if (known == name) {
      return value;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  return name_in(verdict_names, verdict);
}

std::optional<Verdict> verdict_of_name(std::string_view name) {
  return value_in(verdict_names, name);
}

std::string_view shape_name(Shape shape) {
  return name_in(shape_names, shape);
}

std::optional<Shape> shape_of_name(std::string_view name) {
  return value_in(shape_names, name);
}

bool is_finding(const CampaignReport& report, const FaultRun& fault) {
  if (fault.same_as_once || fault.verdict == Verdict::not_reached ||
      fault.verdict == Verdict::not_judged) {
    return false;
  }
  if (!report.summary) {
    return std::ranges::find(accepted_by_default, fault.verdict) == accepted_by_default.end();
  }
  const std::vector<std::string>& accepted = report.summary->accepted;
  return std::find(accepted.begin(), accepted.end(), verdict_name(fault.verdict)) == accepted.end();
}

const Site* site_of(const CampaignReport& report, const FaultRun& fault) {
  // Sites are numbered from 1, in order, unless somebody has cut the log.
  if (fault.site >= 1 && fault.site <= report.sites.size() &&
      report.sites[fault.site - 1].id == fault.site) {
    return &report.sites[fault.site - 1];
  }
  const auto found = std::find_if(report.sites.begin(), report.sites.end(),
                                  [&](const Site& site) { return site.id == fault.site; });
  return found == report.sites.end() ? nullptr : &*found;
}

// The JSON library finds these functions by the namespace of their arguments.

void to_json(nlohmann::json& json, Verdict verdict) {
  json = verdict_name(verdict);
}
void to_json(nlohmann::json& json, Shape shape) {
  json = shape_name(shape);
}

void from_json(const nlohmann::json& json, Verdict& verdict) {
  // An unknown name is an error in the line: value() throws.
  verdict = verdict_of_name(json.get<std::string>()).value();
}

void from_json(const nlohmann::json& json, Shape& shape) {
  shape = shape_of_name(json.get<std::string>()).value();
}

// Fields that a line lacks keep their defaults, so that older logs stay readable.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(CampaignOptions, calls, caller, exe, errors,
                                                occurrences, in_a_row, pairs, raw, libunwind,
                                                fork_server, timeout_ms, standard_input,
                                                working_folder_copy, ready, then, stop_signal,
                                                baseline_status, check)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(LogHeader, schema, heddle_version, program,
                                                build_id, arguments, working_folder, options)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Recording, runs, status, remark, output_compared,
                                                errors_compared, exit_observed, memory_not_checked,
                                                calls_before_start_up, lost_calls,
                                                sites_in_other_programs, sites_without_errors,
                                                later_occurrences, fork_server,
                                                no_fork_server_reason, milliseconds)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Module, path, build_id)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Frame, module, offset, function, file, line)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Site, id, call, stack, thread_path, thread_name,
                                                exe, raw, count, needs, by_chance, after, frames)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(LoggedStack, name, faulting, frames)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(LoggedMemoryError, kind, what, bytes, blocks,
                                                frames)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(FaultRun, id, site, occurrence, error, shape, rules,
                                                same_as_once, fired, verdict, status, evidence,
                                                message, repeated, repetitions, outcomes, threads,
                                                memory_errors, milliseconds)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Summary, sites, faults, fired, not_reached,
                                                not_judged, same_as_once, not_run, findings, shard,
                                                stopped, accepted, seconds)

namespace {

template <typename Record>
std::string line_of(std::string_view type, const Record& record) {
  nlohmann::json json = record;
  json["type"] = type;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Adds what one line says to the report. Throws what the JSON library throws.
tl::expected<void, std::string> add_record(CampaignReport& report, const nlohmann::json& json) {
  const auto type = json.at("type").get<std::string>();
  if (type == "campaign") {
    report.header = json.get<LogHeader>();
    if (report.header.schema > log_schema) {
      return tl::unexpected(fmt::format("it is of schema {}, this program knows up to {}",
                                        report.header.schema, log_schema));
    }
  } else if (type == "recording") {
    report.recording = json.get<Recording>();
  } else if (type == "module") {
    report.modules.push_back(json.get<Module>());
  } else if (type == "site") {
    report.sites.push_back(json.get<Site>());
  } else if (type == "fault") {
    report.faults.push_back(json.get<FaultRun>());
  } else if (type == "summary") {
    report.summary = json.get<Summary>();
  }
  // Another type is the addition of a newer writer; it leaves the meaning of the other lines alone.
  return {};
}

}  // namespace

std::string to_line(const LogHeader& header) {
  return line_of("campaign", header);
}
std::string to_line(const Recording& recording) {
  return line_of("recording", recording);
}
std::string to_line(const Module& module) {
  return line_of("module", module);
}
std::string to_line(const Site& site) {
  return line_of("site", site);
}
std::string to_line(const FaultRun& fault) {
  return line_of("fault", fault);
}
std::string to_line(const Summary& summary) {
  return line_of("summary", summary);
}

std::string to_lines(const CampaignReport& report) {
  std::string lines = to_line(report.header) + '\n' + to_line(report.recording) + '\n';
  const auto add = [&](const auto& records) {
    for (const auto& record : records) {
      lines += to_line(record) + '\n';
    }
  };
  add(report.modules);
  add(report.sites);
  add(report.faults);
  return report.summary ? lines + to_line(*report.summary) + '\n' : lines;
}

tl::expected<void, std::string> add_line(CampaignReport& report, std::string_view line) {
  try {
    return add_record(report, nlohmann::json::parse(line));
  } catch (const std::exception& error) {
    // From the JSON library, or from an optional without a value: an unknown name.
    return tl::unexpected(std::string(error.what()));
  }
}

tl::expected<CampaignReport, std::string> read_log(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return tl::unexpected(fmt::format("cannot read {}: name the log of a campaign", path));
  }
  return read_log(file, path);
}

tl::expected<CampaignReport, std::string> read_log(std::istream& lines, const std::string& name) {
  CampaignReport report;
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    const bool cut_short = lines.eof();  // no end of line follows
    if (const auto added = add_line(report, line); !added && !cut_short) {
      return tl::unexpected(fmt::format("{}, line {}: {}", name, number, added.error()));
    }
  }
  if (report.header.program.empty()) {
    return tl::unexpected(fmt::format("{} is no log of a campaign: it has no header", name));
  }
  return report;
}

}  // namespace heddle::inject
