#include "campaign/runner.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>

#include "campaign/call_at_kill.hpp"
#include "campaign/crashed_children.hpp"
#include "campaign/folder_copy.hpp"
#include "campaign/run_watch.hpp"
#include "memory/leak_report.hpp"
#include "memory/memcheck_report.hpp"
#include "plan/system_error.hpp"
#include "process/leftovers.hpp"

namespace heddle::inject {
namespace {

constexpr std::uint32_t site_capacity = 16384;

using Clock = std::chrono::steady_clock;
using Kind = RunFailure::Kind;

bool has_happened(pollfd event) {
  return poll(&event, 1, 0) == 1;
}

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Says whether Valgrind runs the program, because the options ask for it or the user typed it.
bool runs_in_valgrind(const Target& target) {
  return target.options.check == check_memcheck ||
         std::filesystem::path(target.program).filename() == "valgrind";
}

std::uint32_t flags_of(const Target& target) {
  const CampaignOptions& options = target.options;
  std::uint32_t flags =
      std::uint32_t{HEDDLE_INJECT_COUNT_CALLS} | std::uint32_t{HEDDLE_INJECT_OBSERVE_EXIT};
  flags |= options.fork_server ? std::uint32_t{HEDDLE_INJECT_SERVE} : 0;
  // Valgrind then starts once: it takes longer to start than most programs to run.
  flags |= runs_in_valgrind(target) ? std::uint32_t{HEDDLE_INJECT_SERVE_IN_VALGRIND} : 0;
  flags |= options.raw ? std::uint32_t{HEDDLE_INJECT_RAW} : 0;
  flags |= options.libunwind ? std::uint32_t{HEDDLE_INJECT_LIBUNWIND} : 0;
  return flags;
}

/// Takes the stacks of a held run when a signal kills it. Works on a thread of its own, because a
/// tracer waits for its tracee while another thread has to take in the output.
class CrashWatch {
 public:
  CrashWatch(pid_t process, ProcessSource& source, int timeout_ms)
      : process_(process), thread_([this, process, &source, timeout_ms] {
          stacks_ = stacks_at_fatal_signal(
              process, [&] { source.release(); }, timeout_ms);
        }) {}

  /// Ends the run if nobody has taken the stacks, which is so when watching it has failed.
  ~CrashWatch() {
    if (thread_.joinable()) {
      kill(process_, SIGKILL);
      thread_.join();
    }
  }
  CrashWatch(const CrashWatch&) = delete;
  CrashWatch& operator=(const CrashWatch&) = delete;

  /// Returns the stacks; empty when the run could not be traced.
  std::vector<ThreadStack> take() {
    thread_.join();
    return stacks_ ? std::move(*stacks_) : std::vector<ThreadStack>{};
  }

 private:
  pid_t process_;
  tl::expected<std::vector<ThreadStack>, std::string> stacks_;
  std::thread thread_;
};

/// Learns at which call a held run is killed, on a thread of its own for the same reason.
class CallWatch {
 public:
  CallWatch(pid_t process, ProcessSource& source)
      : thread_([this, process, &source] {
          call_ = call_at_kill(process, [&] { source.release(); });
        }) {}

  std::optional<std::uint32_t> take() {
    thread_.join();
    return call_;
  }

 private:
  std::optional<std::uint32_t> call_;
  std::thread thread_;
};

}  // namespace

tl::expected<std::unique_ptr<Runner>, RunFailure> Runner::create(const Target& target,
                                                                 pollfd cancel) {
  auto plan = PlanFile::create({flags_of(target), site_capacity});
  if (!plan) {
    return tl::unexpected(RunFailure(plan.error(), Kind::tool));
  }
  std::unique_ptr<Runner> runner(new Runner(target, cancel, std::move(*plan)));
  if (const auto done = runner->set_up(); !done) {
    return tl::unexpected(done.error());
  }
  return runner;
}

Runner::Runner(const Target& target, pollfd cancel, PlanFile plan)
    : target_(target), plain_target_(target), cancel_(cancel), plan_(std::move(plan)) {
  plain_target_.preload.clear();
}

Runner::~Runner() {
  source_.reset();
  plain_source_.reset();
  for (const int descriptor : {input_, output_[0], output_[1], errors_[0], errors_[1]}) {
    if (descriptor >= 0) {
      close(descriptor);
    }
  }
}

tl::expected<void, RunFailure> Runner::set_up() {
  const std::string& chosen = target_.options.standard_input;
  const std::string input = chosen.empty() ? "/dev/null" : chosen;
  input_ = open(input.c_str(), O_RDONLY | O_CLOEXEC);
  if (input_ < 0) {
    return tl::unexpected(RunFailure(
        fmt::format("cannot open {}: {}", input, describe_system_error(errno)), Kind::tool));
  }
  if (!open_capture_pipe(output_) || !open_capture_pipe(errors_)) {
    return tl::unexpected(RunFailure(
        fmt::format("cannot make a pipe: {}", describe_system_error(errno)), Kind::tool));
  }
  if (!target_.options.check.empty() && target_.no_checker.empty()) {
    auto reports = MemoryReports::create(target_.options);
    if (!reports) {
      return tl::unexpected(RunFailure(reports.error(), Kind::tool));
    }
    reports_.emplace(std::move(*reports));
  }
  return start_source();
}

tl::expected<void, RunFailure> Runner::renew() {
  // Valgrind loads everything at the same addresses each time, and takes its time.
  if (!has_fork_server() || under_memcheck()) {
    return {};
  }
  source_.reset();
  plan_.disarm();
  plan_.clear_record();
  return start_source();
}

tl::expected<void, RunFailure> Runner::start_source() {
  StartRequest request;
  request.input = input_;
  request.output = output_[1];
  request.errors = errors_[1];
  request.plan_path = plan_.path();
  if (reports_ && under_memcheck()) {
    request.launcher = memcheck_command(target_.valgrind, reports_->path());
  } else if (reports_) {
    const char* const existing = std::getenv("LSAN_OPTIONS");
    request.leak_options =
        leak_checker_options(reports_->path(), existing != nullptr ? existing : "");
  }
  if (target_.options.fork_server) {
    auto server = start_fork_server(target_, request, plan_, cancel_);
    if (server) {
      calls_before_server_ = plan_.record()->unseen_calls;
      source_ = std::move(*server);
      return {};
    }
    no_fork_server_reason_ = server.error();
    // A program that cannot serve has run on by itself; its output is of no use.
    end_leftovers(0);
    if (has_happened(cancel_)) {
      return tl::unexpected(RunFailure("interrupted", Kind::interrupted));
    }
    OutputCapture ignored;
    drain_into(ignored, output_[0]);
    drain_into(ignored, errors_[0]);
  }
  plan_.control().flags &= ~std::uint32_t{HEDDLE_INJECT_SERVE};
  source_ = start_each_anew(target_, request, plan_);
  return {};
}

bool Runner::under_memcheck() const {
  return target_.options.check == check_memcheck;
}

ProcessSource& Runner::source_for(const RunOrder& order) {
  if (!order.without_shim) {
    return *source_;
  }
  if (plain_source_ == nullptr) {
    StartRequest request;
    request.input = input_;
    request.output = output_[1];
    request.errors = errors_[1];
    plain_source_ = start_each_anew(plain_target_, request, plan_);
  }
  return *plain_source_;
}

tl::expected<void, std::string> Runner::prepare(const RunOrder& order) {
  std::uint32_t& flags = plan_.control().flags;
  if (order.recorded) {
    plan_.clear_record();
    flags |= HEDDLE_INJECT_RECORD;
  } else {
    plan_.record()->exit_state = {};
    plan_.clear_processes();
    plan_.record()->refusing = 0;
    plan_.record()->refusal[0] = '\0';
    flags &= ~std::uint32_t{HEDDLE_INJECT_RECORD};
  }
  plan_.record()->exit_state.usual_threads = order.usual_threads;
  return plan_.arm(order.rules);
}

tl::expected<Observation, std::string> Runner::run(const RunOrder& order) {
  if (const auto prepared = prepare(order); !prepared) {
    return tl::unexpected(prepared.error());
  }
  const auto folder = FolderCopy::of(target_.options.working_folder_copy);
  if (!folder) {
    return tl::unexpected(folder.error());
  }
  Observation seen;
  ProcessSource& source = source_for(order);
  const Clock::time_point start = Clock::now();
  // Under memcheck a stack seen from outside is Valgrind's own. It reports a crash's stack itself.
  const bool held = (order.stacks_at_crash && !under_memcheck()) || order.call_at_kill;
  if (const auto started = source.start(folder->path(), held); !started) {
    return tl::unexpected(started.error());
  }
  std::optional<CrashWatch> crash_watch;
  std::optional<CallWatch> call_watch;
  if (order.stacks_at_crash && !under_memcheck()) {
    // Longer than the run's own deadlines, so that these decide.
    crash_watch.emplace(source.process(), source, 10 * order.deadline_ms);
  } else if (order.call_at_kill) {
    call_watch.emplace(source.process(), source);
  }
  StartRequest surroundings;
  surroundings.input = input_;
  surroundings.folder = folder->path();
  const WatchedRun watched{source,
                           output_[0],
                           errors_[0],
                           cancel_,
                           order.deadline_ms,
                           order.stacks_when_hung && !under_memcheck(),
                           target_.options,
                           surroundings,
                           order.serves_twice,
                           plan_};
  const auto ended = RunWatch(watched, seen).until_end();
  if (crash_watch) {
    seen.stacks = crash_watch->take();
  }
  if (call_watch) {
    seen.call_at_kill = call_watch->take();
  }
  seen.milliseconds = milliseconds_since(start);
  const auto finished = finish(seen, source, order);
  if (!ended || !finished) {
    return tl::unexpected(ended ? finished.error() : ended.error());
  }
  if (!folder->path().empty()) {
    seen.files = content_of(folder->path());
  }
  return seen;
}

tl::expected<void, std::string> Runner::finish(Observation& seen, ProcessSource& source,
                                               const RunOrder& order) {
  const auto wait_status = source.collect();
  if (!wait_status) {
    return tl::unexpected(wait_status.error());
  }
  seen.wait_status = *wait_status;
  seen.crashed_children =
      crashed_children(*plan_.record(), end_leftovers(source_->lasting_process()),
                       std::filesystem::path(target_.program).filename().string());
  // Only now have all processes ended that could write to the pipes.
  drain_into(seen.output, output_[0]);
  drain_into(seen.errors, errors_[0]);
  const heddle_inject_record& record = *plan_.record();
  seen.exit_state = record.exit_state;
  seen.memory =
      reports_ && !order.without_shim ? reports_->take() : MemoryLook{{}, {}, target_.no_checker};
  add(seen.memory, read_memcheck_text(seen.errors.tail()));
  seen.shim_started = record.observed_process != 0;
  // Safe to read: the last byte stays 0, and all of the run's processes have ended.
  seen.refusal = &record.refusal[0];
  for (std::size_t index = 0; index < order.rules.size(); ++index) {
    seen.rules.push_back(plan_.totals(index));
  }
  for (const heddle_inject_totals& shard : plan_.control().totals) {
    for (std::size_t call = 0; call < seen.calls.size(); ++call) {
      seen.calls.at(call) += shard.calls[call];
    }
  }
  return {};
}

std::uint64_t Runner::calls_before_start_up() const {
  return calls_before_server_ + plan_.record()->unseen_calls;
}

}  // namespace heddle::inject
