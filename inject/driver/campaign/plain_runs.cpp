#include "campaign/plain_runs.hpp"

#include <fmt/core.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>

#include "campaign/usual_output.hpp"
#include "plan/system_call_names.hpp"

namespace heddle::inject {
namespace {

/// When so many plain runs agree, their end differs from the end under the shim for a reason.
constexpr std::size_t most_plain_runs = 3;

/// Says whether a filter of system calls can have ended the program so: SECCOMP_RET_KILL and _TRAP,
/// and strict mode.
bool may_be_a_filters(int wait_status) {
  return WIFSIGNALED(wait_status) &&
         (WTERMSIG(wait_status) == SIGSYS || WTERMSIG(wait_status) == SIGKILL);
}

bool ended_alike(const Observation& run, const Observation& other) {
  return run.end == other.end && run.wait_status == other.wait_status;
}

/// Compares the words alone: process ids, times and addresses differ between any two runs.
bool alike_in_words(const OutputCapture& output, const OutputCapture& other) {
  UsualOutput usual(output);
  usual.add(other);
  return usual.is_comparable();
}

std::string end_of(const Observation& run) {
  return run.end == RunEnd::ended ? describe_wait_status(run.wait_status) : "no end in time";
}

tl::expected<Observation, std::string> run_plainly(Runner& runner, int deadline_ms) {
  RunOrder order;
  order.deadline_ms = deadline_ms;
  order.without_shim = true;
  auto run = runner.run(order);
  if (run && run->end == RunEnd::cancelled) {
    return tl::unexpected(std::string("interrupted"));
  }
  return run;
}

/// Returns the system call for which the program's own filter kills it under the shim; or empty.
std::string forbidden_call(Runner& runner, const Observation& shimmed, int deadline_ms) {
  if (shimmed.end != RunEnd::ended || !may_be_a_filters(shimmed.wait_status)) {
    return {};
  }
  RunOrder order;
  order.deadline_ms = deadline_ms;
  order.call_at_kill = true;
  const auto run = runner.run(order);
  if (!run || !run->call_at_kill) {
    return {};
  }
  const std::string_view name = system_call_name(*run->call_at_kill);
  return name.empty() ? fmt::format("system call {}", *run->call_at_kill) : std::string(name);
}

std::string refusal(Runner& runner, const CampaignOptions& options, const Observation& plain,
                    const Observation& shimmed, int deadline_ms) {
  std::string text = fmt::format("the program ends with {} under the shim, and with {} without it",
                                 end_of(shimmed), end_of(plain));
  if (const std::string call = forbidden_call(runner, shimmed, deadline_ms); !call.empty()) {
    return fmt::format(
        "{}: its own filter of system calls does not allow {}, which the shim makes; {}allow that "
        "call in the filter, or leave the filter out",
        text, call, options.raw ? "run it without --raw, " : "");
  }
  return text + ": what it does under faults would say nothing about it";
}

}  // namespace

tl::expected<std::string, std::string> compare_with_plain_runs(Runner& runner,
                                                               const CampaignOptions& options,
                                                               const std::vector<Observation>& runs,
                                                               int deadline_ms) {
  const auto as_under_shim = [&](const Observation& plain) {
    return std::ranges::any_of(runs,
                               [&](const Observation& run) { return ended_alike(run, plain); });
  };
  std::vector<Observation> plain_runs;
  bool same_end = false;
  bool same_output = false;
  while (plain_runs.size() < most_plain_runs && !(same_end && same_output)) {
    auto plain = run_plainly(runner, deadline_ms);
    if (!plain) {
      return tl::unexpected(plain.error());
    }
    const bool by_chance = !plain_runs.empty() && !ended_alike(*plain, plain_runs.front());
    const bool output_by_chance =
        !plain_runs.empty() && !alike_in_words(plain->output, plain_runs.front().output);
    same_end = same_end || by_chance || as_under_shim(*plain);
    same_output =
        same_output || output_by_chance || std::ranges::any_of(runs, [&](const Observation& run) {
          return alike_in_words(run.output, plain->output);
        });
    plain_runs.push_back(std::move(*plain));
  }
  if (!same_end) {
    return tl::unexpected(refusal(runner, options, plain_runs.front(), runs.front(), deadline_ms));
  }
  return same_output ? std::string()
                     : "under the shim standard output " +
                           UsualOutput(plain_runs.front().output).difference(runs.front().output);
}

}  // namespace heddle::inject
