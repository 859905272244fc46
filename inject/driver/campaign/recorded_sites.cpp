#include "campaign/recorded_sites.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <tuple>

#include "plan/injectable_calls.hpp"

namespace heddle::inject {
namespace {

constexpr std::uint64_t offset_mask = (UINT64_C(1) << 48) - 1;

Module module_of(const heddle_inject_record& record, heddle_inject_frame frame) {
  const std::uint64_t index = frame >> 48;
  if (frame == HEDDLE_INJECT_FRAME_UNKNOWN || index >= HEDDLE_INJECT_MAXIMUM_MODULES) {
    return {};
  }
  const heddle_inject_module& module = record.modules[index];
  if (module.ready == 0) {
    return {};  // the module's process ended before it had filled the entry in
  }
  std::string build_id;
  for (const std::uint8_t byte :
       std::span(module.build_id).first(std::min<std::uint32_t>(module.build_id_size, 32))) {
    build_id += fmt::format("{:02x}", byte);
  }
  return {&module.path[0], build_id};
}

/// One step of a thread's path, in sorting order: threads before forks, each by its number.
struct Step {
  bool fork;
  std::uint64_t ordinal;
  auto operator<=>(const Step&) const = default;
};

std::vector<Step> steps_of(std::string_view path) {
  std::vector<Step> steps;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    Step step{part.starts_with('f'), UINT64_MAX};
    const std::string_view digits = part.substr(step.fork ? 1 : 0);
    // A step that is no number keeps the largest ordinal, and so comes last.
    std::from_chars(digits.data(), digits.data() + digits.size(), step.ordinal);
    steps.push_back(step);
  }
  return steps;
}

/// Returns the call as plans spell it: by number for a system call without a row of its own.
std::string spelled(const heddle_inject_site& site) {
  const std::string_view name = injectable_calls()[site.call].name;
  return site.call == HEDDLE_INJECT_SYSTEM_CALL ? fmt::format("{}.{}", name, site.number)
                                                : std::string(name);
}

std::vector<std::string> names_of_needs(std::uint32_t bits) {
  std::vector<std::string> names;
  for (int need = 0; need < HEDDLE_INJECT_NEED_COUNT; ++need) {
    if ((bits >> need & 1) != 0) {
      names.emplace_back(need_name(static_cast<heddle_inject_need>(need)));
    }
  }
  return names;
}

bool site_comes_before(const heddle_inject_site& site, const heddle_inject_site& other) {
  const std::string_view path = &site.thread_path[0];
  const std::string_view other_path = &other.thread_path[0];
  if (path != other_path) {
    return comes_before(path, other_path);
  }
  const auto rest = [](const heddle_inject_site& one) {
    return std::tuple(std::string_view(&one.exe[0]), one.sequence, one.call, one.number, one.stack);
  };
  return rest(site) < rest(other);
}

}  // namespace

bool comes_before(std::string_view path, std::string_view other) {
  return std::tuple(steps_of(path), path) < std::tuple(steps_of(other), other);
}

std::uint32_t place_of(const Module& module, std::vector<Module>& modules) {
  if (module.path.empty()) {
    return Frame::no_module;
  }
  const auto known = std::ranges::find_if(modules, [&](const Module& other) {
    return other.path == module.path &&
           (module.build_id.empty() || other.build_id == module.build_id);
  });
  if (known != modules.end()) {
    return static_cast<std::uint32_t>(known - modules.begin());
  }
  modules.push_back(module);
  return static_cast<std::uint32_t>(modules.size() - 1);
}

void RecordedSites::add(const PlanFile& plan, const RecordedSites* known) {
  const heddle_inject_record& record = *plan.record();
  ++runs_;
  lost_calls_ = std::max(lost_calls_, record.lost_sites);
  for (const heddle_inject_site* seen : plan.sites()) {
    const heddle_inject_site& site = *seen;
    if (site.call >= HEDDLE_INJECT_CALLS || (known != nullptr && known->contains(site.key))) {
      continue;
    }
    const auto [place, is_new] = sites_.try_emplace(site.key, Recorded{site, {}, 0, 0});
    Recorded& recorded = place->second;
    recorded.least = is_new ? site.count : std::min(recorded.least, site.count);
    ++recorded.runs;
    recorded.site.count = std::max(recorded.site.count, site.count);
    recorded.site.needs |= site.needs;
    recorded.site.sequence = std::min(recorded.site.sequence, site.sequence);
    if (is_new) {
      for (const heddle_inject_frame frame : std::span(site.frames).first(site.frame_count)) {
        recorded.modules.push_back(module_of(record, frame));
      }
    }
  }
}

std::vector<Site> RecordedSites::sorted(std::vector<Module>& modules) const {
  std::vector<const Recorded*> order;
  for (const auto& [key, recorded] : sites_) {
    order.push_back(&recorded);
  }
  std::ranges::sort(order, [](const Recorded* one, const Recorded* other) {
    return site_comes_before(one->site, other->site);
  });
  std::vector<Site> sites;
  for (const Recorded* recorded : order) {
    const heddle_inject_site& from = recorded->site;
    Site& site = sites.emplace_back();
    site.id = sites.size();
    site.call = spelled(from);
    site.stack = fmt::format("{:016x}", from.stack);
    site.thread_path = &from.thread_path[0];
    site.thread_name = &from.thread_name[0];
    site.exe = &from.exe[0];
    site.raw = from.raw != 0;
    site.count = from.count;
    site.needs = names_of_needs(from.needs);
    site.by_chance = from.count - (recorded->runs == runs_ ? recorded->least : 0);
    for (std::size_t index = 0; index < recorded->modules.size(); ++index) {
      Frame& frame = site.frames.emplace_back();
      frame.module = place_of(recorded->modules[index], modules);
      frame.offset = frame.module == Frame::no_module ? 0 : (from.frames[index] & offset_mask) - 1;
    }
  }
  return sites;
}

}  // namespace heddle::inject
