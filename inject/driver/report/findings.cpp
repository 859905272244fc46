#include "report/findings.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "program/shell_words.hpp"

namespace heddle::inject {
namespace {

std::string file_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string ordinal(std::uint64_t number) {
  const std::uint64_t tens = number % 100;
  const std::uint64_t ones = number % 10;
  const bool is_teen = tens >= 11 && tens <= 13;
  const char* const ending = is_teen     ? "th"
                             : ones == 1 ? "st"
                             : ones == 2 ? "nd"
                             : ones == 3 ? "rd"
                                         : "th";
  return fmt::format("{}{}", number, ending);
}

/// Adds a sentence about the number unless it is 0.
void add_count(std::vector<std::string>& sentences, std::uint64_t number, const std::string& noun,
               const std::string& rest) {
  if (number != 0) {
    sentences.push_back(counted(number, noun) + " " + rest);
  }
}

void add_limits(const Recording& recording, std::vector<std::string>& sentences) {
  add_count(sentences, recording.later_occurrences, "later occurrence",
            "of these sites not tried: see --occurrences");
  add_count(sentences, recording.sites_without_errors, "site",
            "not tried: their calls can get no errno of the class");
  add_count(sentences, recording.sites_in_other_programs, "site",
            "in other programs of the tree not tried: see --exe");
  add_count(sentences, recording.calls_before_start_up, "call",
            "beyond reach: made before the shim was initialised");
  add_count(sentences, recording.lost_calls, "call", "not recorded: there were too many sites");
  if (!recording.output_compared) {
    sentences.emplace_back("standard output not compared: it differs from run to run");
  }
  if (!recording.exit_observed) {
    sentences.emplace_back(
        "leaks not looked for: the program ends by a signal or _exit, or filters its own system "
        "calls");
  }
  if (!recording.memory_not_checked.empty()) {
    sentences.push_back("leaks not checked: " + recording.memory_not_checked);
  }
  if (!recording.errors_compared) {
    sentences.emplace_back("standard error not compared: it differs from run to run");
  }
}

}  // namespace

std::string counted(std::uint64_t number, const std::string& noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::vector<FindingGroup> findings(const CampaignReport& report) {
  std::vector<FindingGroup> groups;
  for (const FaultRun& fault : report.faults) {
    const Site* const site = is_finding(report, fault) ? site_of(report, fault) : nullptr;
    if (site == nullptr) {
      continue;
    }
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const FindingGroup& one) {
      return one.verdict == fault.verdict && one.site->call == site->call &&
             one.site->stack == site->stack;
    });
    if (group == groups.end()) {
      groups.push_back({site, fault.verdict, {&fault}});
    } else {
      group->faults.push_back(&fault);
    }
  }
  return groups;
}

std::vector<const FaultRun*> unstable_faults(const CampaignReport& report) {
  std::vector<const FaultRun*> faults;
  for (const FaultRun& fault : report.faults) {
    if (fault.verdict == Verdict::unstable && !fault.same_as_once && !is_finding(report, fault) &&
        site_of(report, fault) != nullptr) {
      faults.push_back(&fault);
    }
  }
  return faults;
}

std::string describe_fault(const FaultRun& fault) {
  return fmt::format("{}, {}, on the {} call", fault.error, shape_name(fault.shape),
                     ordinal(fault.occurrence));
}

std::string describe_frame(const CampaignReport& report, const Frame& frame) {
  const bool known = frame.module < report.modules.size();
  if (!known && frame.function.empty()) {
    return "an address in no module";
  }
  const std::string module = known ? file_name(report.modules[frame.module].path) : "";
  if (frame.function.empty() && frame.offset == 0) {
    return module;  // memcheck's: where it was loaded is not known
  }
  if (frame.function.empty()) {
    return fmt::format("{}+0x{:x}", module, frame.offset);
  }
  if (frame.file.empty()) {
    return known ? fmt::format("{} ({})", frame.function, module) : frame.function;
  }
  return fmt::format("{} ({}:{})", frame.function, file_name(frame.file), frame.line);
}

std::string describe_memory_error(const LoggedMemoryError& error) {
  return error.bytes != 0 ? fmt::format("{} in {}, allocated by", counted(error.bytes, "byte"),
                                        counted(error.blocks, "block"))
                          : error.what + ", at";
}

std::string replay_command(const FaultRun& fault, const std::string& log) {
  const std::string words[] = {"heddle-inject", "replay", log, fault.id};
  return shell_words(words);
}

std::vector<std::string> words_of_run(const CampaignOptions& options) {
  std::vector<std::string> words{"heddle-inject", "run"};
  if (options.raw) {
    words.emplace_back("--raw");
  }
  if (options.libunwind) {
    words.insert(words.end(), {"--stacks", "libunwind"});
  }
  if (!options.check.empty()) {
    words.insert(words.end(), {"--check", options.check});
  }
  return words;
}

std::string run_command(const CampaignReport& report, const FaultRun& fault) {
  std::vector<std::string> words = words_of_run(report.header.options);
  for (const std::string& rule : fault.rules) {
    words.insert(words.end(), {"-e", rule});
  }
  words.emplace_back("--");
  words.push_back(report.header.program);
  if (!report.header.arguments.empty()) {
    words.insert(words.end(), report.header.arguments.begin() + 1, report.header.arguments.end());
  }
  return shell_words(words);
}

std::vector<std::string> completeness(const CampaignReport& report) {
  std::vector<std::string> sentences;
  if (!report.recording.remark.empty()) {
    sentences.push_back(report.recording.remark);
  }
  if (!report.summary) {
    sentences.push_back(fmt::format("the campaign has no end: it was killed after {}",
                                    counted(report.faults.size(), "fault")));
    return sentences;
  }
  const Summary& summary = *report.summary;
  std::string numbers =
      fmt::format("{}, {}, {} fired, {} not reached", counted(summary.sites, "site"),
                  counted(summary.faults, "fault"), summary.fired, summary.not_reached);
  if (summary.not_judged != 0) {
    numbers += fmt::format(", {} not judged", summary.not_judged);
  }
  if (summary.same_as_once != 0) {
    numbers += fmt::format(", {} the same as once", summary.same_as_once);
  }
  sentences.push_back(numbers);
  if (summary.not_run != 0) {
    sentences.push_back(fmt::format("incomplete ({}): {} not run; go on with --resume",
                                    summary.stopped.empty() ? "stopped" : summary.stopped,
                                    counted(summary.not_run, "fault")));
  }
  if (!summary.shard.empty()) {
    sentences.push_back(fmt::format("shard {} of the campaign alone", summary.shard));
  }
  add_limits(report.recording, sentences);
  return sentences;
}

}  // namespace heddle::inject
