#include "campaign/faults.hpp"

#include <fmt/core.h>
#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "plan/errno_names.hpp"
#include "plan/injectable_calls.hpp"
#include "plan/plan.hpp"

namespace heddle::inject {
namespace {

constexpr std::string_view spurious = "spurious";

/// Returns the site's row of the call table: "syscall" for each "syscall.NUMBER".
const InjectableCall& row_of(const Site& site) {
  for (const InjectableCall& call : injectable_calls()) {
    if (site.call == call.name) {
      return call;
    }
  }
  return injectable_calls()[HEDDLE_INJECT_SYSTEM_CALL];
}

Likelihood class_of(const std::string& name) {
  if (name == "likely") {
    return Likelihood::likely;
  }
  return name == "hostile" ? Likelihood::hostile : Likelihood::possible;
}

bool can_get(const Site& site, const DocumentedErrno& documented) {
  return !documented.need ||
         std::ranges::find(site.needs, need_name(*documented.need)) != site.needs.end();
}

/// Says whether `name` names the module as `caller=` of a plan does: by its file name, or by that
/// up to ".so".
bool is_called(const std::string& path, const std::string& name) {
  const std::string file = std::filesystem::path(path).filename();
  return file == name || file.substr(0, file.find(".so")) == name;
}

template <std::size_t Size>
void copy_name(char (&field)[Size], const std::string& name) {
  std::memcpy(&field[0], name.c_str(), std::min(name.size(), Size - 1));
}

std::uint64_t number_in(std::string_view text, int base) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number, base);
  return number;
}

}  // namespace

std::vector<std::string> errors_of(const Site& site, const CampaignOptions& options) {
  const InjectableCall& call = row_of(site);
  const Likelihood limit = class_of(options.errors);
  std::vector<std::string> errors;
  for (const DocumentedErrno& documented : call.errnos) {
    // An errno that no kernel would give here wrongs the program, so only the hostile class has it.
    if (documented.likelihood <= limit &&
        (limit == Likelihood::hostile || can_get(site, documented))) {
      errors.push_back(errno_name(documented.value));
    }
  }
  if (call.can_wake_spuriously) {
    errors.emplace_back(spurious);
  }
  return errors;
}

bool is_chosen(const Site& site, const std::vector<Module>& modules,
               const CampaignOptions& options) {
  if (!options.exe.empty() && site.exe != options.exe) {
    return false;
  }
  if (!options.caller.empty() &&
      (site.frames.empty() || site.frames.front().module == Frame::no_module ||
       !is_called(modules.at(site.frames.front().module).path, options.caller))) {
    return false;
  }
  return options.calls.empty() ||
         std::ranges::any_of(options.calls, [&](const std::string& pattern) {
           return fnmatch(pattern.c_str(), site.call.c_str(), 0) == 0;
         });
}

std::vector<PlannedFault> plan_faults(const std::vector<Site>& sites,
                                      const CampaignOptions& options) {
  std::vector<PlannedFault> faults;
  std::uint64_t next_id = 1;
  for (const Site& site : sites) {
    const std::vector<std::string> errors = errors_of(site, options);
    for (std::uint64_t occurrence = 1; occurrence <= std::min(site.count, options.occurrences);
         ++occurrence) {
      for (const std::string& error : errors) {
        faults.push_back({site.id, occurrence, error, next_id});
        next_id += std::size(PlannedFault::shapes);
      }
    }
  }
  return faults;
}

heddle_inject_rule rule_of(const Site& site, const PlannedFault& fault, Shape shape,
                           const CampaignOptions& options) {
  const InjectableCall& call = row_of(site);
  heddle_inject_rule rule{};
  rule.call = call.call;
  if (call.call == HEDDLE_INJECT_SYSTEM_CALL) {
    rule.number =
        static_cast<std::uint32_t>(number_in(site.call.substr(site.call.find('.') + 1), 10));
  }
  if (fault.error == spurious) {
    rule.action = HEDDLE_INJECT_SPURIOUS;
  } else {
    rule.action = HEDDLE_INJECT_ERROR;
    rule.error = errno_value(fault.error).value_or(0);
  }
  rule.first = fault.occurrence;
  rule.last = fault.occurrence;
  if (shape == Shape::from_here_on) {
    rule.flags |= HEDDLE_INJECT_STICKY;
  } else if (shape == Shape::in_a_row) {
    rule.last = fault.occurrence + options.in_a_row - 1;
    rule.step = 1;
  }
  // A site's later calls may not be able to get the errno, nor those of other sites "from here on".
  if (class_of(options.errors) != Likelihood::hostile) {
    rule.flags |= HEDDLE_INJECT_POSSIBLE;
  }
  rule.stack = number_in(site.stack, 16);
  rule.thread_path = heddle_inject_path_hash(site.thread_path.c_str());
  copy_name(rule.exe, site.exe);
  return rule;
}

std::string expression_of(const heddle_inject_rule& rule, const Site& site) {
  return format_rule(rule, site.thread_path);
}

std::string identity_of(const Site& site, const PlannedFault& fault) {
  return fmt::format("{} {} {} {} {} {}", site.call, site.stack, site.thread_path, site.exe,
                     fault.occurrence, fault.error);
}

}  // namespace heddle::inject
