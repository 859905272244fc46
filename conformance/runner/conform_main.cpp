// The suite's one entry point: what heddle-conform and every program that hosts the suite calls.
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
#include "command_line/options.hpp"
#include "process/inherited_state.hpp"
#include "report/report.hpp"
#include "runner/check_clause.hpp"
#include "runner/direct_run.hpp"
#include "runner/interruption.hpp"
#include "runner/machine_check.hpp"
#include "runner/replay_token.hpp"
#include "runner/strays.hpp"
#include "runner/subject_file.hpp"
#include "runner/template_client.hpp"
#include "runner/template_process.hpp"
#include "runner/worker_pool.hpp"

namespace heddle::conformance {
namespace {

int complain(int exit_code, const std::string& message) {
  std::fflush(stdout);
  fmt::print(stderr, "heddle-conform: {}\n", message);
  return exit_code;
}

// One run of the program: everything after the command line has been read.
class Run {
 public:
  Run(const Options& options, heddle_entry entry, char** argv)
      : options_(options), entry_(entry), argv_(argv) {}

  int run();

 private:
  int select();
  int open_reports();
  int list_selected();
  int explain_one();
  int replay();
  tl::expected<std::vector<SubjectFile>, std::string> subjects();
  tl::expected<std::unique_ptr<TemplateClient>, StartFailure> load(const SubjectFile& subject);
  int refuse(const SubjectFile& subject, const StartFailure& failure);
  tl::expected<void, StartFailure> smoke(const SubjectFile& subject,
                                         const Description& description);
  void check_subject(const SubjectFile& subject);
  void judge_subject(const SubjectFile& subject);
  Header header_of(const SubjectFile& subject, const Description& description) const;
  void add(const Record& record);
  int exit_code() const;
  int finish();

  const Options& options_;
  heddle_entry entry_;
  char** argv_;
  std::vector<const Clause*> selected_;
  std::vector<std::unique_ptr<Report>> reports_;
  bool any_refused_ = false;
  bool any_failed_ = false;
  bool any_flaky_ = false;
  bool any_internal_ = false;
  bool any_judged_ = false;
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
    subject->command = shell_word(argv_[0]);
    found.push_back(std::move(*subject));
  }
  return found;
}

tl::expected<std::unique_ptr<TemplateClient>, StartFailure> Run::load(const SubjectFile& subject) {
  const auto deadline = case_deadline(options_);
  return TemplateClient::start(subject, TemplateClient::Injector::absent, deadline);
}

tl::expected<void, StartFailure> Run::smoke(const SubjectFile& subject,
                                            const Description& description) {
  SubjectUnderTest under_test(subject, description, options_);
  for (const Clause& check : smoke_checks()) {
    const Record record = check_clause(check, under_test, options_);
    if (interrupting_signal() != 0) {
      return tl::unexpected(StartFailure{
          fmt::format("interrupted while the adapter of {} was tried", subject.given), false});
    }
    if (record.verdict == Verdict::internal_error) {
      return tl::unexpected(
          StartFailure{fmt::format("cannot run {}: {}", subject.given, record.reason), false});
    }
    if (record.verdict != Verdict::holds && record.verdict != Verdict::not_applicable) {
      return tl::unexpected(StartFailure{fmt::format(
          "the adapter of {} is broken: {}; {}{}{}", subject.given, record.sentence,
          record.verdict == Verdict::fails ? "expected: " + record.expected + "; happened: "
                                           : std::string(),
          record.verdict == Verdict::fails ? record.happened : record.reason,
          record.replay.empty() ? "" : "; replay: " + record.replay)});
    }
  }
  return {};
}

Header Run::header_of(const SubjectFile& subject, const Description& description) const {
  utsname kernel{};
  static_cast<void>(::uname(&kernel));  // its only error is a bad address
  Header header;
  header.catalogue_version = catalogue_version;
  header.catalogue_hash = catalogue_hash();
  header.subject = description.title();
  header.subject_path = subject.given;
  header.profile = description.profile;
  for (const int feature : description.features) {
    header.offers.emplace_back(name_of(static_cast<Feature>(feature)));
  }
  header.kernel = fmt::format("{} {}", kernel.sysname, kernel.release);
  header.libc = fmt::format("glibc {}", ::gnu_get_libc_version());
  header.seed = options_.seed;
  header.selected = selected_.size();
  header.total = catalogue().size();
  header.partial = selected_.size() != catalogue().size();
  return header;
}

void Run::add(const Record& record) {
  any_failed_ |= is_failure(record);
  any_flaky_ |= record.verdict == Verdict::flaky;
  any_internal_ |= record.verdict == Verdict::internal_error;
  any_judged_ |= record.verdict == Verdict::holds || record.verdict == Verdict::fails ||
                 record.verdict == Verdict::deviates;
  for (const auto& report : reports_) {
    report->record(record);
  }
}

// Says in all reports why the subject is not judged.
int Run::refuse(const SubjectFile& subject, const StartFailure& failure) {
  for (const auto& report : reports_) {
    report->refused(subject.given, failure.message);
  }
  (failure.subject ? any_refused_ : any_internal_) = true;
  return complain(failure.subject ? exit_subject : exit_internal, failure.message);
}

// Whatever happens to one subject, the reports are whole, and the others are judged.
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
  if (const auto smoked = smoke(subject, description); !smoked) {
    refuse(subject, smoked.error());
    return;
  }
  if (options_.action == Action::smoke) {
    fmt::print("{}: the adapter of {} works\n", subject.given, description.title());
    any_judged_ = true;
    return;
  }
  for (const auto& report : reports_) {
    report->begin(header_of(subject, description));
  }
  if ((*loaded)->loads_in_case()) {
    complain(0, fmt::format("note: {} starts threads when it is loaded, so it is loaded anew for "
                            "each case",
                            subject.given));
  }
  const bool show_progress = ::isatty(STDERR_FILENO) == 1;
  check_all(selected_, subject, description, options_,
            {.record = [this](const Record& record) { add(record); },
             .clauses_done =
                 [&](std::size_t done) {
                   if (show_progress) {
                     fmt::print(stderr, "\r{}/{}{}", done, selected_.size(),
                                done == selected_.size() ? "\r\x1b[K" : "");
                   }
                 },
             .interrupted = [] { return interrupting_signal() != 0; }});
}

int Run::exit_code() const {
  if (interrupting_signal() != 0) {
    return 128 + interrupting_signal();
  }
  if (any_refused_) {
    return exit_subject;
  }
  if (any_failed_) {
    return exit_not_conforming;
  }
  if (any_internal_) {
    return exit_internal;
  }
  if (any_flaky_) {
    return exit_flaky;
  }
  return any_judged_ ? exit_conforming : exit_nothing;
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
  fmt::print("{}", list(selected_));
  return exit_conforming;
}

int Run::explain_one() {
  const Clause* const clause = find_clause(options_.argument);
  if (clause == nullptr) {
    return complain(exit_usage,
                    fmt::format("there is no clause {}; --list shows them all", options_.argument));
  }
  fmt::print("{}", explain(*clause));
  return exit_conforming;
}

int Run::replay() {
  const auto replay = replay_from_token(options_.argument);
  if (!replay) {
    return complain(exit_usage, replay.error());
  }
  const auto files = subjects();
  if (!files) {
    return complain(exit_subject, files.error());
  }
  const SubjectFile& subject = files->front();
  if (options_.debugger) {
    fmt::print("gdb --args {} --replay {} --direct\n", subject.command, options_.argument);
    return exit_conforming;
  }
  if (options_.direct) {
    return run_directly(*replay->clause, replay->program, subject, entry_, argv_);
  }
  if (const int code = open_reports(); code != exit_conforming) {
    return code;
  }
  const auto loaded = load(subject);
  if (!loaded) {
    refuse(subject, loaded.error());
    return finish();
  }
  SubjectUnderTest under_test(subject, (*loaded)->description(), options_);
  selected_ = {replay->clause};
  for (const auto& report : reports_) {
    report->begin(header_of(subject, (*loaded)->description()));
  }
  add(replay_case(*replay->clause, replay->program, under_test, options_));
  return finish();
}

int Run::run() {
  if (options_.action == Action::explain) {
    return explain_one();
  }
  if (options_.action == Action::replay) {
    return replay();
  }
  if (const int code = select(); code != exit_conforming) {
    return code;
  }
  if (options_.action == Action::list) {
    return list_selected();
  }
  const auto files = subjects();
  if (!files) {
    return complain(exit_subject, files.error());
  }
  if (options_.action == Action::describe) {
    for (const SubjectFile& subject : *files) {
      const auto loaded = load(subject);
      if (!loaded) {
        return refuse(subject, loaded.error());
      }
      fmt::print("{}\n", nlohmann::json((*loaded)->description()).dump());
    }
    return exit_conforming;
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

int run_suite(int argc, char** argv, heddle_entry entry) {
  const auto options = parse(argc, argv);
  if (!options) {
    const Refusal& refusal = options.error();
    fmt::print(refusal.exit_code == 0 ? stdout : stderr, "{}", refusal.text);
    return refusal.exit_code;
  }
  return Run(*options, entry, argv).run();
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
    end->value = static_cast<std::uint64_t>(run_suite(argc, argv, entry));
    std::fflush(stdout);
  } catch (const std::exception& exception) {
    // Out of memory, processes or descriptors: nobody's verdict.
    end->value = static_cast<std::uint64_t>(
        complain(exit_internal, fmt::format("internal error: {}", exception.what())));
  }
}
