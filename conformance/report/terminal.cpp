#include "report/terminal.hpp"

#include <fmt/format.h>

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/tally.hpp"
#include "report/verdict_sentence.hpp"
#include "report/wrapped_text.hpp"

namespace heddle::conformance {
namespace {

constexpr std::size_t timeline_lines = 24;
constexpr std::size_t standard_error_lines = 12;
constexpr std::size_t group_columns = 8;
constexpr std::size_t cell_columns = 12;

enum class Color { bold, good, bad, doubtful };

/// Colours texts by escape sequences, or leaves them alone.
class Palette {
 public:
  explicit Palette(bool on) : on_(on) {}

  std::string operator()(Color color, std::string_view text) const {
    return on_ ? fmt::format("\x1b[{}m{}\x1b[0m", code_of(color), text) : std::string(text);
  }

 private:
  static std::string_view code_of(Color color) {
    switch (color) {
      case Color::bold:
        return "1";
      case Color::good:
        return "32";
      case Color::bad:
        return "1;31";
      case Color::doubtful:
        return "33";
    }
    return "0";
  }

  bool on_;
};

struct GroupTally {
  std::string group;
  Tally tally;
};

/// What is kept about a subject until the end of the run.
struct SubjectSummary {
  Header header;
  std::vector<GroupTally> groups;  // in the order of the records
  std::vector<std::string> untested;

  Tally& of(const std::string& group) {
    const auto found = std::find_if(groups.begin(), groups.end(),
                                    [&](const GroupTally& entry) { return entry.group == group; });
    return found != groups.end() ? found->tally : groups.emplace_back(GroupTally{group, {}}).tally;
  }

  Tally all() const {
    Tally sum;
    for (const GroupTally& entry : groups) {
      sum.add(entry.tally);
    }
    return sum;
  }
};

// ---- A record -----------------------------------------------------------------------------------

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return result;
}

// Returns a text behind its label; nothing for an empty text.
std::string field(std::string_view label, std::string_view text) {
  return text.empty() ? "" : labelled(fmt::format("  {:<13}", fmt::format("{}:", label)), text);
}

// Returns the sentence that obliges, in quotation marks, since the words are its source's.
std::string quotation(std::string_view text) {
  return text.empty() ? "" : field("quotation", fmt::format("\"{}\"", text));
}

// Returns the last `kept` lines, behind one label.
std::string tail(std::string_view label, std::span<const std::string> lines, std::size_t kept) {
  std::string text;
  if (lines.size() > kept) {
    text = field(label, fmt::format("({} earlier lines left out)", lines.size() - kept));
    lines = lines.last(kept);
  }
  for (const std::string& line : lines) {
    const std::string name = text.empty() ? fmt::format("{}:", label) : "";
    text += labelled(fmt::format("  {:<13}", name), line.empty() ? " " : line);
  }
  return text;
}

std::string steps(const std::vector<std::string>& scenario) {
  std::vector<std::string> numbered;
  numbered.reserve(scenario.size());
  for (const std::string& step : scenario) {
    numbered.push_back(fmt::format("{}. {}", numbered.size() + 1, step));
  }
  return tail("scenario", numbered, numbered.size());
}

// Returns what a tool saw of the memory: a sentence each, and the frames below it.
std::string memory(const std::vector<MemoryReport>& reports) {
  std::vector<std::string> lines;
  for (const MemoryReport& report : reports) {
    lines.push_back(report.what);
    for (const std::string& frame : report.stack) {
      lines.push_back("  " + frame);
    }
  }
  return tail("memory", lines, lines.size());
}

// Returns the replay command in one piece, however long, so that it can be copied.
std::string command(const std::string& replay) {
  return replay.empty() ? "" : fmt::format("  {:<13}{}\n", "replay:", printable(replay));
}

// Returns the cause as people write it: "memory error".
std::string words_of(Cause cause) {
  std::string words(name_of(cause));
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string failure(const Record& record, const Palette& palette) {
  const bool fails = is_failure(record);
  const std::string headline = fmt::format("{}  {} {}", record.clause, upper(record.level),
                                           fails ? "fails" : "is missed (not a failure)");
  const std::string happened = record.cause == Cause::none || record.cause == Cause::wrong
                                   ? record.happened
                                   : fmt::format("{}: {}", words_of(record.cause), record.happened);
  const auto error_lines = wrapped(record.standard_error, terminal_columns - 15);
  return "\n" + palette(fails ? Color::bad : Color::doubtful, headline) + "\n" +
         field("requirement", record.sentence) + field("source", record.source) +
         quotation(record.quotation) + field("expected", record.expected) +
         field("happened", happened) + steps(record.scenario) +
         tail("timeline", record.timeline, timeline_lines) + memory(record.memory) +
         tail("stderr", error_lines, standard_error_lines) +
         field("reproduced", record.reproduced) + field("fault", record.fault) +
         command(record.replay);
}

std::string remark(const Record& record, std::string_view verdict, const Palette& palette) {
  const std::string text =
      labelled(fmt::format("{}  ", record.clause), fmt::format("{}: {}", verdict, record.reason));
  return palette(Color::doubtful, text.substr(0, text.size() - 1)) + "\n";
}

std::string in_words(const Record& record, const Palette& palette) {
  switch (record.verdict) {
    case Verdict::fails:
      return failure(record, palette);
    case Verdict::flaky:
      return remark(record, "flaky", palette) + command(record.replay);
    case Verdict::deviates:
      return remark(record, "deviates, as declared", palette);
    case Verdict::not_judged:
      return remark(record, "not judged", palette);
    case Verdict::internal_error:
      return remark(record, "internal error of the suite", palette);
    case Verdict::holds:
    case Verdict::not_applicable:
    case Verdict::untested:  // summed up in one line: every subject has the same
      break;
  }
  return "";
}

// ---- The table ----------------------------------------------------------------------------------

struct Column {
  std::string_view title;
  std::uint64_t (*count)(const Tally&);
};

constexpr std::array<Column, 9> columns = {{
    {"holds", [](const Tally& tally) { return tally.holds; }},
    {"fails", [](const Tally& tally) { return tally.fails(); }},
    {"missed", [](const Tally& tally) { return tally.missed; }},
    {"deviates", [](const Tally& tally) { return tally.deviates; }},
    {"flaky", [](const Tally& tally) { return tally.flaky; }},
    {"not judged", [](const Tally& tally) { return tally.not_judged; }},
    {"not applicable", [](const Tally& tally) { return tally.not_applicable; }},
    {"untested", [](const Tally& tally) { return tally.untested; }},
    {"errors", [](const Tally& tally) { return tally.internal_errors; }},
}};

std::string row(std::string_view name, const Tally& tally) {
  std::string text = fmt::format("{:<{}}", name, group_columns);
  for (const Column& column : columns) {
    const std::uint64_t count = column.count(tally);
    text +=
        fmt::format("{:>{}}", count == 0 ? "-" : std::to_string(count), column.title.size() + 2);
  }
  return text + "\n";
}

std::string table(const SubjectSummary& subject, const Palette& palette) {
  std::string titles = fmt::format("{:<{}}", "group", group_columns);
  for (const Column& column : columns) {
    titles += fmt::format("  {}", column.title);
  }
  std::string text = "\n" + palette(Color::bold, titles) + "\n";
  for (const GroupTally& entry : subject.groups) {
    text += row(entry.group, entry.tally);
  }
  return text + row("all", subject.all());
}

// Returns how many clauses each missing function costs. A clause that lacks two is counted under
// each.
std::string not_offered(const Header& header) {
  std::vector<std::string> costs;
  costs.reserve(header.lacks.size());
  for (const Lack& lack : header.lacks) {
    costs.push_back(
        fmt::format("{} costs {}", lack.name, counted(lack.clauses, "clause", "clauses")));
  }
  return costs.empty() ? ""
                       : labelled("not offered: ",
                                  fmt::format("{}{}", fmt::join(costs, ", "),
                                              costs.size() > 1 ? " (a clause that lacks two counts "
                                                                 "under each)"
                                                               : ""));
}

// ---- Several subjects ---------------------------------------------------------------------------

std::string matrix_cell(const SubjectSummary& subject, const std::string& group) {
  const auto entry =
      std::find_if(subject.groups.begin(), subject.groups.end(),
                   [&](const GroupTally& candidate) { return candidate.group == group; });
  return entry == subject.groups.end()
             ? "-"
             : fmt::format("{}/{}/{}", entry->tally.holds, entry->tally.fails(),
                           entry->tally.not_applicable);
}

std::vector<std::string> groups_of(const std::vector<SubjectSummary>& subjects) {
  std::vector<std::string> groups;
  for (const SubjectSummary& subject : subjects) {
    for (const GroupTally& entry : subject.groups) {
      if (std::find(groups.begin(), groups.end(), entry.group) == groups.end()) {
        groups.push_back(entry.group);
      }
    }
  }
  return groups;
}

// Returns the table of all subjects. Subjects are numbered, since their names are longer than the
// columns; as many as fit stand side by side.
std::string matrix(const std::vector<SubjectSummary>& subjects, const Palette& palette) {
  constexpr std::size_t side_by_side = (terminal_columns - group_columns) / cell_columns;
  std::string text =
      "\n" + palette(Color::bold, "All subjects: clauses that hold/fail/are not applicable") + "\n";
  for (std::size_t number = 0; number < subjects.size(); ++number) {
    const Header& header = subjects[number].header;
    const std::string file = std::filesystem::path(header.subject_path).filename().string();
    text += labelled(fmt::format("[{}] ", number + 1), fmt::format("{}: {}", file, header.subject));
  }
  for (std::size_t begin = 0; begin < subjects.size(); begin += side_by_side) {
    const std::size_t end = std::min(begin + side_by_side, subjects.size());
    text += fmt::format("\n{:<{}}", "group", group_columns);
    for (std::size_t number = begin; number < end; ++number) {
      text += fmt::format("{:>{}}", fmt::format("[{}]", number + 1), cell_columns);
    }
    text += "\n";
    for (const std::string& group : groups_of(subjects)) {
      text += fmt::format("{:<{}}", group, group_columns);
      for (std::size_t number = begin; number < end; ++number) {
        text += fmt::format("{:>{}}", matrix_cell(subjects[number], group), cell_columns);
      }
      text += "\n";
    }
  }
  return text;
}

// ---- The report ---------------------------------------------------------------------------------

class TerminalReport final : public Report {
 public:
  TerminalReport(OutputFile file, bool color) : file_(std::move(file)), palette_(color) {}

  void begin(const Header& header) override {
    close_subject(false);
    std::string title = header.subject;
    if (!header.profile.empty()) {
      title += ", profile " + header.profile;
    }
    if (!header.judged_as.empty()) {
      title += fmt::format(" (judged as {}, the last one known)", header.judged_as);
    }
    if (!header.check.empty()) {
      title += ", --check " + header.check;
    }
    title += fmt::format(", {} of {} clauses, seed {}", header.selected, header.total, header.seed);
    const std::string text = labelled("", title);
    const std::string gap = subjects_.empty() && refused_ == 0 ? "" : "\n";
    file_.write(gap + palette_(Color::bold, text.substr(0, text.size() - 1)) + "\n");
    for (const std::string& failure : header.smoke_failures) {
      const std::string line = labelled("smoke: ", failure);
      file_.write(palette_(Color::bad, line.substr(0, line.size() - 1)) + "\n");
    }
    subjects_.push_back({header, {}, {}});
    after_block_ = false;
    open_ = true;
  }

  void record(const Record& record) override {
    SubjectSummary& subject = subjects_.back();
    subject.of(record.group).add(record);
    if (record.verdict == Verdict::untested) {
      subject.untested.push_back(record.clause);
    }
    const std::string words = in_words(record, palette_);
    const bool block = record.verdict == Verdict::fails;
    if (!words.empty()) {
      file_.write((after_block_ && !block ? "\n" : "") + words);
      after_block_ = block;
    }
  }

  void refused(const std::string& subject_path, const std::string& message) override {
    const std::string gap = subjects_.empty() ? "" : "\n";
    close_subject(false);
    ++refused_;
    const std::string text =
        labelled("", fmt::format("{} could not be judged: {}", subject_path, message));
    file_.write(gap + palette_(Color::bad, text.substr(0, text.size() - 1)) + "\n");
  }

  tl::expected<void, std::string> end(const EndOfRun& ending) override {
    close_subject(ending.interrupted);
    if (subjects_.size() + refused_ > 1) {
      if (subjects_.size() > 1) {
        file_.write(matrix(subjects_, palette_));
      }
      file_.write("\n" + labelled("", all_subjects(ending.interrupted)));
    }
    return file_.finish();
  }

 private:
  // Writes the table and the verdict of the subject whose records have come, if there is one.
  void close_subject(bool interrupted) {
    if (!std::exchange(open_, false)) {
      return;
    }
    const SubjectSummary& subject = subjects_.back();
    const Tally tally = subject.all();
    std::string text = table(subject, palette_);
    // These belong to the catalogue: the same for every subject.
    if (!subject.untested.empty() && subjects_.size() == 1) {
      text += labelled("untested: ", fmt::format("{} (--explain CLAUSE says why)",
                                                 fmt::join(subject.untested, ", ")));
    }
    text += not_offered(subject.header);
    const std::string verdict =
        labelled("", fmt::format("{} {}", subject.header.subject,
                                 verdict_sentence(tally, subject.header, interrupted)));
    const Color color = tally.fails() != 0                             ? Color::bad
                        : conforms(tally, subject.header, interrupted) ? Color::good
                                                                       : Color::doubtful;
    file_.write(text + "\n" + palette_(color, verdict.substr(0, verdict.size() - 1)) + "\n");
  }

  // Only the last subject can have been interrupted.
  std::string all_subjects(bool interrupted) const {
    std::size_t conforming = 0;
    std::size_t failing = 0;
    for (const SubjectSummary& subject : subjects_) {
      const Tally tally = subject.all();
      const bool cut = interrupted && &subject == &subjects_.back();
      conforming += conforms(tally, subject.header, cut) ? 1 : 0;
      failing += tally.fails() != 0 ? 1 : 0;
    }
    const std::size_t open = subjects_.size() - conforming - failing;
    std::string text =
        fmt::format("{}: {}, {}", counted(subjects_.size() + refused_, "subject", "subjects"),
                    counted(conforming, "conforms", "conform"),
                    counted(failing, "does NOT conform", "do NOT conform"));
    if (open != 0) {
      text += fmt::format(", {} without a verdict", open);
    }
    if (refused_ != 0) {
      text += fmt::format(", {} could not be judged", refused_);
    }
    return interrupted ? text + " (interrupted: PARTIAL)" : text;
  }

  OutputFile file_;
  Palette palette_;
  std::vector<SubjectSummary> subjects_;
  std::size_t refused_ = 0;
  bool open_ = false;         // a subject's records may still come
  bool after_block_ = false;  // the last words were a failure of several lines
};

}  // namespace

std::unique_ptr<Report> terminal_report(OutputFile file, bool color) {
  return std::make_unique<TerminalReport>(std::move(file), color);
}

}  // namespace heddle::conformance
