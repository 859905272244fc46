#include "report/terminal_view.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "report/findings.hpp"
#include "report/visible_text.hpp"

namespace heddle::inject {
namespace {

/// How many frames of a site are shown. Further ones are in every program, or too many to read.
constexpr std::size_t shown_frames = 12;

class Page {
 public:
  Page(const CampaignReport& report, std::string log, bool in_color)
      : report_(report), log_(std::move(log)), in_color_(in_color) {}

  std::string text() {
    for (const FindingGroup& group : findings(report_)) {
      add_group(group);
    }
    add_unstable();
    add_verdicts();
    for (const std::string& sentence : completeness(report_)) {
      add("{}\n", sentence);
    }
    return text_;
  }

 private:
  /// Adds text that a terminal shows as it is: the page's only escape sequences are its own colors.
  template <typename... Arguments>
  void add(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    text_ += visible(fmt::format(format, std::forward<Arguments>(arguments)...));
  }

  std::string colored(Verdict verdict, const std::string& words) const {
    if (!in_color_) {
      return words;
    }
    const bool is_good = verdict == Verdict::survived || verdict == Verdict::reported;
    const bool is_neutral = verdict == Verdict::not_reached || verdict == Verdict::not_judged;
    const bool is_open = verdict == Verdict::unstable;
    const char* const color = is_good ? "32" : is_neutral ? "2" : is_open ? "33" : "1;31";
    return fmt::format("\x1b[{}m{}\x1b[0m", color, words);
  }

  void add_frames(const std::vector<Frame>& frames) {
    const std::size_t shown = std::min(frames.size(), shown_frames);
    for (std::size_t index = 0; index < shown; ++index) {
      add("      {}\n", describe_frame(report_, frames[index]));
    }
    if (shown < frames.size()) {
      add("      ... {} more\n", frames.size() - shown);
    }
  }

  void add_fault(const FaultRun& fault, const Site& site) {
    add("    {} in thread #{}: {}", describe_fault(fault), site.thread_path,
        fault.evidence.empty() ? fault.status : fault.evidence);
    if (fault.repetitions != 0) {
      add(" ({} of {} times)", fault.repeated, fault.repetitions);
    }
    text_ += '\n';
    if (!fault.message.empty()) {
      add("      says: {}\n", fault.message);
    }
    add("      replay: {}\n", replay_command(fault, log_));
  }

  void add_group(const FindingGroup& group) {
    text_ += colored(group.verdict, std::string(verdict_name(group.verdict)));
    add(": {} fails, called from\n", group.site->call);
    add_frames(group.site->frames);
    for (const FaultRun* fault : group.faults) {
      const Site* const site = site_of(report_, *fault);
      add_fault(*fault, site != nullptr ? *site : *group.site);
    }
    // The first fault's stacks stand for all faults of the group.
    for (const LoggedStack& thread : group.faults.front()->threads) {
      add("    thread {}{}:\n", thread.name, thread.faulting ? ", which got the signal" : "");
      add_frames(thread.frames);
    }
    for (const LoggedMemoryError& error : group.faults.front()->memory_errors) {
      add("    {}:\n", describe_memory_error(error));
      add_frames(error.frames);
    }
    text_ += '\n';
  }

  /// Adds one line for each unstable fault.
  void add_unstable() {
    const std::vector<const FaultRun*> faults = unstable_faults(report_);
    for (const FaultRun* const fault : faults) {
      const Site& site = *site_of(report_, *fault);
      text_ += fmt::format("{}: {} {} in thread #{}, called from {}: {}\n",
                           colored(fault->verdict, "unstable"), site.call, describe_fault(*fault),
                           site.thread_path,
                           site.frames.empty() ? "?" : describe_frame(report_, site.frames.front()),
                           fault->evidence);
    }
    text_ += faults.empty() ? "" : "\n";
  }

  void add_verdicts() {
    std::map<Verdict, std::uint64_t> numbers;
    for (const FaultRun& fault : report_.faults) {
      if (!fault.same_as_once) {
        ++numbers[fault.verdict];
      }
    }
    std::string line;
    for (const auto& [verdict, number] : numbers) {
      line += fmt::format("{}{} {}", line.empty() ? "" : ", ", number,
                          colored(verdict, std::string(verdict_name(verdict))));
    }
    if (!line.empty()) {
      text_ += line + '\n';
    }
  }

  const CampaignReport& report_;
  std::string log_;
  bool in_color_;
  std::string text_;
};

}  // namespace

std::string terminal_view(const CampaignReport& report, const std::string& log, bool in_color) {
  return Page(report, log, in_color).text();
}

}  // namespace heddle::inject
