// The suite's one entry point, which heddle-conform and every program that hosts the suite call.
#include <fmt/format.h>
#include <gnu/libc-version.h>
#include <heddle/subject.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <memory>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "command_line/listing.hpp"
#include "command_line/new_subject.hpp"
#include "command_line/options.hpp"
#include "command_line/say.hpp"
#include "process/inherited_state.hpp"
#include "program/shell_words.hpp"
#include "report/exit_code.hpp"
#include "report/report.hpp"
#include "runner/applicability.hpp"
#include "runner/check_clause.hpp"
#include "runner/description_json.hpp"
#include "runner/direct_run.hpp"
#include "runner/interruption.hpp"
#include "runner/machine_check.hpp"
#include "runner/replay_token.hpp"
#include "runner/smoke_check.hpp"
#include "runner/strays.hpp"
#include "runner/subject_file.hpp"
#include "runner/template_client.hpp"
#include "runner/template_process.hpp"
#include "runner/worker_pool.hpp"

namespace heddle::conformance {
namespace {

void print_progress(std::size_t done, std::size_t all) {
  print_error(fmt::format("\r{}/{}{}", done, all, done == all ? "\r\x1b[K" : ""));
}

Header header_of(const SubjectFile& subject, const Description& description, const Options& options,
                 std::span<const Clause* const> selected) {
  utsname kernel{};
  static_cast<void>(::uname(&kernel));  // its only error is a bad address
  Header header;
  header.catalogue_version = catalogue_version;
  header.catalogue_hash = catalogue_hash();
  header.subject = description.title();
  header.subject_path = subject.given;
  header.profile = description.profile;
  header.judged_as = judged_as(description.profile).value_or("");
  header.check = name_of(options.check);
  for (const int feature : description.features) {
    header.offers.emplace_back(name_of(static_cast<Feature>(feature)));
  }
  header.lacks = costs_of_lacks(selected, description);
  header.kernel = fmt::format("{} {}", kernel.sysname, kernel.release);
  header.libc = fmt::format("glibc {}", ::gnu_get_libc_version());
  header.seed = options.seed;
  header.selected = selected.size();
  header.total = catalogue().size();
  header.partial = selected.size() != catalogue().size();
  return header;
}

// One run of the program, after the command line has been read.
class Run {
 public:
  Run(const Options& options, heddle_entry entry, char** argv)
      : options_(options), entry_(entry), argv_(argv) {}

  /// Runs, and fills in how main must end: with the exit code, or as a case about the end of main
  /// asks.
  void run(heddle_outcome& end);

 private:
  int select();
  int open_lane();
  int open_reports();
  int list_selected();
  int explain_one();
  int run_selected();
  int judge_subjects();
  int describe_subjects();
  void replay(heddle_outcome& end);
  int replay_in_template(const Replay& replay, const SubjectFile& subject);
  tl::expected<std::vector<SubjectFile>, std::string> subjects();
  tl::expected<std::unique_ptr<TemplateClient>, StartFailure> load(const SubjectFile& subject);
  bool can_watch(const SubjectFile& subject, const Description& description);
  void check_subject(const SubjectFile& subject);
  void judge_subject(const SubjectFile& subject);
  void tell_smoke(const SubjectFile& subject, const Description& description,
                  const SmokeResult& smoke);
  void begin(const Header& header);
  void add(const Record& record);
  int refuse(const SubjectFile& subject, const StartFailure& failure);
  int exit_code() const;
  int finish();

  const Options& options_;
  const MemoryLane no_lane_;  // of what is about the adapter rather than a clause
  MemoryLane lane_;
  heddle_entry entry_;
  char** argv_;
  std::vector<const Clause*> selected_;
  std::vector<std::unique_ptr<Report>> reports_;
  std::vector<std::pair<Header, Tally>> judged_;  // subject by subject
  ExitCode gravest_ = exit_conforming;            // of what is no record
};

int Run::select() {
  const auto matches = [](const std::vector<std::string>& patterns, const Clause& clause) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::string& pattern) { return id_matches(pattern, clause.id); });
  };
  for (const auto* const patterns : {&options_.clauses, &options_.excluded}) {
    for (const std::string& pattern : *patterns) {
      if (std::none_of(catalogue().begin(), catalogue().end(),
                       [&](const Clause& clause) { return id_matches(pattern, clause.id); })) {
        return complain(exit_usage,
                        fmt::format("no clause matches {}; --list shows them all", pattern));
      }
    }
  }
  for (const Clause& clause : catalogue()) {
    if ((options_.clauses.empty() || matches(options_.clauses, clause)) &&
        !matches(options_.excluded, clause) &&
        (!options_.level || *options_.level == name_of(clause.level))) {
      selected_.push_back(&clause);
    }
  }
  return selected_.empty() ? complain(exit_nothing, "these options select no clause")
                           : exit_conforming;
}

int Run::open_lane() {
  auto lane = MemoryLane::open(options_.check);
  if (!lane) {
    return complain(exit_usage, lane.error());
  }
  lane_ = std::move(*lane);
  return exit_conforming;
}

int Run::open_reports() {
  for (const ReportRequest& request : options_.reports) {
    auto report = open_report(request, options_.color);
    if (!report) {
      return complain(exit_usage, report.error());
    }
    reports_.push_back(std::move(*report));
  }
  return exit_conforming;
}

tl::expected<std::vector<SubjectFile>, std::string> Run::subjects() {
  std::vector<SubjectFile> found;
  for (const std::string& given : options_.subjects) {
    auto subject = find_subject(given, argv_[0]);
    if (!subject) {
      return tl::unexpected(subject.error());
    }
    found.push_back(std::move(*subject));
  }
  if (found.empty() && entry_ != nullptr) {
    found.push_back(own_program(argv_[0]));
  } else if (found.empty()) {
    auto subject = find_subject(default_subject(), argv_[0]);
    if (!subject) {
      return tl::unexpected(subject.error());
    }
    subject->command = inject::shell_word(argv_[0]);
    found.push_back(std::move(*subject));
  }
  return found;
}

tl::expected<std::unique_ptr<TemplateClient>, StartFailure> Run::load(const SubjectFile& subject) {
  const auto deadline = case_deadline(options_);
  return TemplateClient::start(subject, TemplateClient::Injector::absent, no_lane_, deadline);
}

void Run::begin(const Header& header) {
  judged_.emplace_back(header, Tally{});
  for (const auto& report : reports_) {
    report->begin(header);
  }
}

void Run::add(const Record& record) {
  judged_.back().second.add(record);
  for (const auto& report : reports_) {
    report->record(record);
  }
}

// Writes to all reports why the subject is not judged.
int Run::refuse(const SubjectFile& subject, const StartFailure& failure) {
  for (const auto& report : reports_) {
    report->refused(subject.given, failure.message);
  }
  const ExitCode code = failure.subject ? exit_subject : exit_internal;
  gravest_ = graver(gravest_, code);
  return complain(code, failure.message);
}

// Returns whether the lane can judge the subject; if not, refuses it.
bool Run::can_watch(const SubjectFile& subject, const Description& description) {
  const auto obstacle = why_not_watched(description.flags);
  if (lane_.check() == MemoryCheck::none || !obstacle) {
    return true;
  }
  refuse(subject,
         {fmt::format("cannot check the memory of {}: {}", subject.given, *obstacle), true});
  return false;
}

void Run::tell_smoke(const SubjectFile& subject, const Description& description,
                     const SmokeResult& smoke) {
  gravest_ = graver(gravest_, exit_code_of(smoke));
  for (const auto& report : reports_) {
    for (const std::string& failure : smoke.failures) {
      report->refused(subject.given, failure);
    }
  }
  if (smoke.failures.empty() &&
      print(smoke_summary(smoke, subject, description)) != exit_conforming) {
    gravest_ = graver(gravest_, exit_internal);
  }
}

// Checks one subject. Whatever happens here, the reports stay whole, and the other subjects are
// judged.
void Run::check_subject(const SubjectFile& subject) {
  try {
    judge_subject(subject);
  } catch (const std::exception& exception) {
    refuse(subject,
           {fmt::format("cannot go on with {}: {}", subject.given, exception.what()), false});
  }
  end_strays();
}

void Run::judge_subject(const SubjectFile& subject) {
  if (const auto lacking = lacking_machine()) {
    refuse(subject, {fmt::format("cannot run {}: the machine does not give what a case needs: {}",
                                 subject.given, *lacking),
                     false});
    return;
  }
  const auto loaded = load(subject);
  if (!loaded) {
    refuse(subject, loaded.error());
    return;
  }
  const Description description = (*loaded)->description();
  if (!can_watch(subject, description)) {
    return;
  }
  const SmokeResult smoke = check_smoke(subject, description, options_);
  if (interrupting_signal() != 0) {
    refuse(subject,
           {fmt::format("interrupted during the smoke checks of {}", subject.given), false});
    return;
  }
  if (!smoke.errors.empty()) {
    refuse(subject, {fmt::format("cannot run {}: {}", subject.given, smoke.errors.front()), false});
    return;
  }
  for (const std::string& line : smoke_remarks(smoke, subject)) {
    complain(exit_conforming, line);
  }
  if (options_.action == Action::smoke) {
    return tell_smoke(subject, description, smoke);
  }
  Header header = header_of(subject, description, options_, selected_);
  header.smoke_failures = smoke.failures;
  begin(header);
  if ((*loaded)->loads_in_case()) {
    complain(0, fmt::format("note: {} starts threads when it is loaded, so it is loaded anew for "
                            "each case",
                            subject.given));
  }
  const bool show_progress = ::isatty(STDERR_FILENO) == 1;
  check_all(selected_, subject, description, lane_, options_,
            {.record = [this](const Record& record) { add(record); },
             .clauses_done =
                 [&](std::size_t done) {
                   if (show_progress) {
                     print_progress(done, selected_.size());
                   }
                 },
             .interrupted = [] { return interrupting_signal() != 0; }});
}

int Run::exit_code() const {
  if (interrupting_signal() != 0) {
    return 128 + interrupting_signal();
  }
  ExitCode code = gravest_;
  for (const auto& [header, tally] : judged_) {
    code = graver(code, exit_code_of(tally, header));
  }
  return code;
}

int Run::finish() {
  int code = exit_code();
  for (const auto& report : reports_) {
    const auto ended = report->end({.exit_code = code, .interrupted = interrupting_signal() != 0});
    if (!ended) {
      code = complain(exit_internal, ended.error());
    }
  }
  return code;
}

int Run::list_selected() {
  const bool for_programs = options_.reports.front().format == Format::json;
  return print(for_programs ? list_as_json(selected_) : list(selected_));
}

int Run::explain_one() {
  const Clause* const clause = find_clause(options_.argument);
  if (clause == nullptr) {
    return complain(exit_usage,
                    fmt::format("there is no clause {}; --list shows them all", options_.argument));
  }
  return print(explain(*clause));
}

void Run::replay(heddle_outcome& end) {
  const auto end_with = [&](int code) { end.value = static_cast<std::uint64_t>(code); };
  const auto replay = replay_from_token(options_.argument);
  if (!replay) {
    return end_with(complain(exit_usage, replay.error()));
  }
  const auto files = subjects();
  if (!files) {
    return end_with(complain(exit_subject, files.error()));
  }
  const SubjectFile& subject = files->front();
  if (options_.debugger) {
    return end_with(print(
        fmt::format("gdb --args {} --replay {} --direct\n", subject.command, options_.argument)));
  }
  if (options_.direct) {
    return run_directly({*replay->clause, replay->program, subject, entry_, argv_, options_}, end);
  }
  end_with(replay_in_template(*replay, subject));
}

int Run::replay_in_template(const Replay& replay, const SubjectFile& subject) {
  if (const int code = open_lane(); code != exit_conforming) {
    return code;
  }
  if (const int code = open_reports(); code != exit_conforming) {
    return code;
  }
  const auto loaded = load(subject);
  if (!loaded) {
    refuse(subject, loaded.error());
    return finish();
  }
  if (!can_watch(subject, (*loaded)->description())) {
    return finish();
  }
  SubjectUnderTest under_test(subject, (*loaded)->description(), lane_, options_);
  selected_ = {replay.clause};
  begin(header_of(subject, (*loaded)->description(), options_, selected_));
  add(replay_case(*replay.clause, replay.program, under_test, options_));
  return finish();
}

int Run::describe_subjects() {
  const auto files = subjects();
  if (!files) {
    return complain(exit_subject, files.error());
  }
  for (const SubjectFile& subject : *files) {
    const auto loaded = load(subject);
    if (!loaded) {
      return refuse(subject, loaded.error());
    }
    const std::string line = nlohmann::json((*loaded)->description()).dump() + "\n";
    if (const int code = print(line); code != exit_conforming) {
      return code;
    }
  }
  return exit_conforming;
}

int Run::judge_subjects() {
  const auto files = subjects();
  if (!files) {
    return complain(exit_subject, files.error());
  }
  if (const int code = open_lane(); code != exit_conforming) {
    return code;
  }
  if (const int code = open_reports(); code != exit_conforming) {
    return code;
  }
  watch_for_interruption();
  for (const SubjectFile& subject : *files) {
    if (interrupting_signal() == 0) {
      check_subject(subject);
    }
  }
  return finish();
}

int Run::run_selected() {
  if (const int code = select(); code != exit_conforming) {
    return code;
  }
  switch (options_.action) {
    case Action::list:
      return list_selected();
    case Action::describe:
      return describe_subjects();
    default:
      return judge_subjects();
  }
}

void Run::run(heddle_outcome& end) {
  if (options_.action == Action::replay) {
    return replay(end);
  }
  if (options_.action == Action::new_subject) {
    end.value =
        static_cast<std::uint64_t>(write_new_subject(options_.argument, options_.subjects.front()));
    return;
  }
  const int code = options_.action == Action::explain ? explain_one() : run_selected();
  end.value = static_cast<std::uint64_t>(code);
}

void run_suite(int argc, char** argv, heddle_entry entry, heddle_outcome& end) {
  const auto options = parse(argc, argv);
  if (options) {
    Run(*options, entry, argv).run(end);
    return;
  }
  const Refusal& refusal = options.error();
  int code = refusal.exit_code;
  if (code == exit_conforming) {
    code = print(refusal.text);  // --help and --version
  } else {
    print_error(refusal.text);
  }
  end.value = static_cast<std::uint64_t>(code);
}

}  // namespace
}  // namespace heddle::conformance

void heddle_conform_main(int argc, char** argv, heddle_entry entry, heddle_outcome* end) {
  using namespace heddle::conformance;
  *end = heddle_outcome{};
  try {
    if (const auto arguments = template_arguments(argc, argv)) {
      serve_as_template(*arguments, entry, *end);
      return;
    }
    heddle::inject::enter_known_state();
    adopt_strays();
    run_suite(argc, argv, entry, *end);
  } catch (const std::exception& exception) {
    // Out of memory, processes or descriptors: no verdict on any subject.
    end->value = static_cast<std::uint64_t>(
        complain(exit_internal, fmt::format("internal error: {}", exception.what())));
  }
}
