#include "runner/check_clause.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <optional>

#include "catalogue/hash.hpp"
#include "runner/case_record.hpp"
#include "runner/machine_check.hpp"
#include "verdict/judge_memory.hpp"

namespace heddle::conformance {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds load_deadline{10'000};
constexpr milliseconds deadline_of_a_case{10'000};
constexpr std::uint64_t quick_cases = 4;
constexpr int maximum_size = 100;  // rapidcheck's own default for the last case
constexpr int confirmations = 10;
constexpr int maximum_shrinks = 400;
constexpr milliseconds shrinking_time{15'000};
constexpr int losses_borne = 4;  // in a row: each may cost a whole deadline, and yields no verdict

// A failing case, with everything that is needed to run it again.
struct Failure {
  Program program;
  Finding finding;
  CaseResult result;
};

// How much more time everything gets under the tool. Memcheck runs one thread at a time, at a
// fiftieth of its speed at worst; LeakSanitizer walks the stack for each allocation.
double slowness(MemoryCheck check) {
  return check == MemoryCheck::memcheck ? 20 : check == MemoryCheck::leaks ? 4 : 1;
}

milliseconds scaled(milliseconds deadline, const Options& options) {
  return std::chrono::duration_cast<milliseconds>(deadline * options.timeout_factor *
                                                  slowness(options.check));
}

Options without_check(Options options) {
  options.check = MemoryCheck::none;
  return options;
}

// Runs one case and judges it. A tool that watches the memory changes more than that: what fails
// for another reason under it must fail without it, too.
Finding run_and_judge(const Judgement& judgement, SubjectUnderTest& subject, const Program& program,
                      CaseResult& result) {
  const Options& options = judgement.options;
  result = subject.run(judgement.clause, program, case_deadline(options));
  const Finding finding = judgement.finding(result);
  if (options.check == MemoryCheck::none || finding.verdict != Verdict::fails ||
      is_of_memory(finding.cause)) {
    return finding;
  }
  const Options plain = without_check(options);
  const Judgement unwatched{judgement.clause, judgement.subject, judgement.file, plain};
  result = subject.unwatched().run(judgement.clause, program, case_deadline(plain));
  Finding again = unwatched.finding(result);
  if (again.verdict == Verdict::holds) {
    again.verdict = Verdict::not_judged;
    again.reason = fmt::format("it holds, but not under --check {}: {}", name_of(options.check),
                               finding.happened);
  }
  return again;
}

class ClauseCheck {
 public:
  ClauseCheck(const Clause& clause, SubjectUnderTest& subject, const Options& options)
      : clause_(clause),
        subject_(subject),
        options_(options),
        judgement_{clause, subject.description(), subject.file(), options},
        record_(judgement_.blank()) {}

  Record check();

 private:
  Finding run(const Program& program, CaseResult& result) {
    ++record_.cases;
    return run_and_judge(judgement_, subject_, program, result);
  }

  void check_example();
  void check_property();
  std::optional<Failure> shrink(const rc::Shrinkable<Program>& smaller, Failure failure);
  void conclude(Failure failure);

  const Clause& clause_;
  SubjectUnderTest& subject_;
  const Options& options_;
  Judgement judgement_;
  Record record_;
};

Record ClauseCheck::check() {
  const auto began = Clock::now();
  if (auto unasked = judgement_.not_asked()) {
    return *unasked;
  }
  if (clause_.scenario.programs) {
    check_property();
  } else {
    check_example();
  }
  record_.milliseconds = static_cast<std::uint64_t>(
      std::chrono::duration_cast<milliseconds>(Clock::now() - began).count());
  return record_;
}

void ClauseCheck::check_example() {
  CaseResult result;
  const Finding finding = run(options_.quick ? clause_.scenario.first_look : Program{}, result);
  record_.verdict = finding.verdict;
  record_.reason = finding.reason;
  if (finding.verdict == Verdict::fails) {
    conclude({{}, finding, std::move(result)});
  }
}

void ClauseCheck::check_property() {
  Hash hash;
  hash.add(std::to_string(options_.seed));
  hash.add(clause_.id);
  rc::Random random(hash.number());
  const std::uint64_t cases =
      options_.quick ? std::min(quick_cases, options_.cases) : options_.cases;
  record_.verdict = Verdict::holds;
  for (std::uint64_t number = 0; number < cases; ++number) {
    const int size = static_cast<int>(number * maximum_size / std::max<std::uint64_t>(1, cases));
    const auto candidate = (*clause_.scenario.programs)(random.split(), size);
    CaseResult result;
    const Finding finding = run(candidate.value(), result);
    if (finding.verdict == Verdict::fails) {
      Failure first{candidate.value(), finding, std::move(result)};
      conclude(shrink(candidate, first).value_or(first));
      return;
    }
    if (finding.verdict != Verdict::holds) {
      record_.verdict = finding.verdict;
      record_.reason = finding.reason;
      return;
    }
  }
}

// Descends rapidcheck's tree of smaller programs, each time to the first that fails with the same
// cause: another cause would be another finding. The number of steps is bounded, since each hang
// costs a deadline.
std::optional<Failure> ClauseCheck::shrink(const rc::Shrinkable<Program>& start, Failure failure) {
  const auto until = Clock::now() + shrinking_time;
  const std::uint64_t cases = record_.cases;
  auto smaller = start.shrinks();
  for (int attempt = 0; attempt < maximum_shrinks && Clock::now() < until; ++attempt) {
    const auto candidate = smaller.next();
    if (!candidate) {
      break;
    }
    CaseResult result;
    const Finding finding = run(candidate->value(), result);
    if (finding.verdict == Verdict::fails && finding.cause == failure.finding.cause) {
      failure = {candidate->value(), finding, std::move(result)};
      smaller = candidate->shrinks();
    }
  }
  record_.cases = cases;
  return failure;
}

// Runs the smallest case again, to tell a certain failure from an occasional one.
void ClauseCheck::conclude(Failure failure) {
  if (const auto lacking = lacking_machine()) {
    record_.verdict = Verdict::internal_error;
    record_.reason = "the machine does not give what a case needs: " + *lacking;
    return;
  }
  const int rounds = failure.finding.cause == Cause::hang ? 1 : confirmations;
  int failed = 0;
  for (int round = 0; round < rounds; ++round) {
    CaseResult result;
    if (run(failure.program, result).verdict == Verdict::fails) {
      ++failed;
    }
  }
  record_.cases -= static_cast<std::uint64_t>(rounds);
  judgement_.describe_failure(record_, failure.program, failure.finding, failure.result);
  record_.reproduced = fmt::format("{}/{}", failed, rounds);
  record_.verdict = failed == 0 ? Verdict::flaky : Verdict::fails;
  if (record_.verdict == Verdict::flaky) {
    record_.reason = fmt::format("failed once, and not again in {} runs of the same case", rounds);
  }
  judgement_.waive_if_declared(record_);
}

CaseResult lost_case(const std::string& why) {
  CaseResult result;
  result.lost = true;
  result.excuse = why;
  return result;
}

// Returns whether the case was killed from outside: no case sends itself SIGKILL.
bool was_killed(const Clause& clause, const CaseResult& result) {
  return result.signal == SIGKILL && !result.timed_out && !result.excused && !clause.death;
}

}  // namespace

SubjectUnderTest::SubjectUnderTest(SubjectFile file, Description description,
                                   const MemoryLane& lane, const Options& options)
    : file_(std::move(file)),
      description_(std::move(description)),
      lane_(lane),
      options_(options) {}

SubjectUnderTest& SubjectUnderTest::unwatched() {
  static const MemoryLane no_lane;
  if (unwatched_ == nullptr) {
    unwatched_ =
        std::make_unique<SubjectUnderTest>(file_, description_, no_lane, without_check(options_));
  }
  return *unwatched_;
}

CaseResult SubjectUnderTest::run(const Clause& clause, const Program& program,
                                 milliseconds deadline) {
  if (lost_in_a_row_ >= losses_borne) {
    return lost_case(
        fmt::format("given up after {} cases that were lost: {}", lost_in_a_row_, last_loss_));
  }
  const unsigned long kills = kills_for_memory();
  CaseResult result = run_once(clause, program, deadline);
  if (result.lost || was_killed(clause, result)) {
    result = run_once(clause, program, deadline);
  }
  if (was_killed(clause, result) && kills_for_memory() != kills) {
    result = lost_case("the kernel killed the case for want of memory; run with fewer jobs");
  }
  lost_in_a_row_ = result.lost ? lost_in_a_row_ + 1 : 0;
  last_loss_ = result.excuse;
  return result;
}

CaseResult SubjectUnderTest::run_once(const Clause& clause, const Program& program,
                                      milliseconds deadline) {
  // The shim shows the leak checker what it would not see: mapped memory, and threads of C11's.
  const bool injected = !clause.faults.empty() || lane_.check() == MemoryCheck::leaks;
  auto& client = injected ? injected_ : plain_;
  if (client == nullptr || !client->alive()) {
    auto started = TemplateClient::start(
        file_, injected ? TemplateClient::Injector::preloaded : TemplateClient::Injector::absent,
        lane_, scaled(load_deadline, options_));
    if (!started) {
      return lost_case(started.error().message);
    }
    client = std::move(*started);
  }
  return client->run(clause, program, deadline);
}

milliseconds case_deadline(const Options& options) {
  return scaled(deadline_of_a_case, options);
}

Record check_clause(const Clause& clause, SubjectUnderTest& subject, const Options& options) {
  return ClauseCheck(clause, subject, options).check();
}

Record replay_case(const Clause& clause, const Program& program, SubjectUnderTest& subject,
                   const Options& options) {
  const Judgement judgement{clause, subject.description(), subject.file(), options};
  if (auto unasked = judgement.not_asked()) {
    return *unasked;
  }
  CaseResult result;
  const Finding finding = run_and_judge(judgement, subject, program, result);
  return judgement.of_case(program, result, finding);
}

}  // namespace heddle::conformance
