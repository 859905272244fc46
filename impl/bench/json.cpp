#include <nlohmann/json.hpp>
#include <string>

#include "report.hpp"

namespace heddle::bench {
namespace {

using nlohmann::json;

json optional(const std::optional<double>& number) {
  return number ? json(*number) : json();
}

json spread(const Spread& of) {
  return {{"low", of.low}, {"median", of.median}, {"high", of.high}};
}

json finding_json(const Finding& finding) {
  json times = json::object();
  for (const Series& series : finding.series) {
    times[std::string(series.contender)] = {{"ns", spread(spread_of(series.times_ns))},
                                            {"rounds_ns", series.times_ns}};
  }
  json all = {{"operation", finding.operation->name},
              {"place", finding.operation->place == Place::one_cpu ? "one CPU" : "two CPUs"},
              {"clock", finding.operation->place == Place::one_cpu ? "process CPU" : "real"},
              {"times", std::move(times)}};
  if (finding.comparison) {
    all["comparison"] = {{"baseline", finding.operation->baseline},
                         {"ratio", spread(finding.comparison->ratio)},
                         {"target", optional(finding.comparison->target)},
                         {"met", finding.comparison->met()}};
  }
  return all;
}

json resources_json(const Resources& resources) {
  return {{"allocations", resources.allocations},
          {"allocated_bytes", resources.allocated_bytes},
          {"mapped_bytes", optional(resources.mapped_bytes)},
          {"system_calls", optional(resources.system_calls)},
          {"page_faults", resources.page_faults}};
}

}  // namespace

json as_json(const Report& report) {
  json all = {{"contenders", json::object()},
              {"findings", json::array()},
              {"spawn_join_resources", json::object()}};
  for (const Contender& contender : report.contenders) {
    all["contenders"][std::string(contender.name)] = contender.loops->built_by;
  }
  for (const Finding& finding : report.findings) {
    all["findings"].push_back(finding_json(finding));
  }
  for (const auto& [contender, resources] : report.resources) {
    all["spawn_join_resources"][std::string(contender)] = resources_json(resources);
  }
  return all;
}

}  // namespace heddle::bench
