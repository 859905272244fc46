// Compares what a run holds at its end, and what was seen of its memory, with the fault-free runs.
#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>

#include "campaign/judgements.hpp"
#include "campaign/memory_reports.hpp"
#include "plan/injectable_calls.hpp"

namespace heddle::inject {
namespace {

bool has_fact(const JudgedFault& fault, heddle_inject_fact fact) {
  return (injectable_calls()[fault.call].facts & fact) != 0;
}

/// Says whether libc decides what is mapped at exit after such a fault.
bool moves_memory_within_libc(const JudgedFault& fault) {
  return has_fact(fault, HEDDLE_INJECT_LIBC_KEEPS_STACK) ||
         (fault.raw && has_fact(fault, HEDDLE_INJECT_ALLOCATOR_MOVES));
}

/// Returns the place of main's frame in the stack of its thread; nothing: another thread's stack.
std::optional<std::size_t> place_of_main(const std::vector<CodePlace>& stack) {
  // Valgrind shows nothing below main if it knows its name, and otherwise one frame.
  if (!stack.empty() && stack.back().function == "main") {
    return stack.size() - 1;
  }
  if (stack.size() > 1 && stack.back().function == "(below main)") {
    return stack.size() - 2;
  }
  // _start of the program, and above it one or two functions of libc.
  std::size_t place = stack.empty() ? 0 : stack.size() - 1;
  const auto is_programs = [&](std::size_t index) {
    return stack[index].object == stack.back().object;
  };
  const std::size_t start = place;
  while (place > 0 && (place == start || !is_programs(place))) {
    --place;
  }
  const bool seen = start > 1 && place < start - 1 && is_programs(place) && start - place <= 3;
  return seen ? std::optional(place) : std::nullopt;
}

bool is_libc(const CodePlace& place) {
  return place.object.substr(place.object.rfind('/') + 1).starts_with("libc.so");
}

/// Says whether main has held the block until it returned, early, because of the fault: then the
/// process ended, and nothing was lost before. The pointer may have been in a register, so this
/// asks who allocated: main itself, or a function of libc for it, such as strdup.
bool main_held(const Baseline& baseline, const Observation& run, const MemoryError& leak) {
  // Of a memcheck that the user has typed the status may be Valgrind's own (--error-exitcode).
  const bool other_status =
      !baseline.checker.empty() && baseline.wait_status && *baseline.wait_status != run.wait_status;
  const auto main = other_status ? place_of_main(leak.stack) : std::nullopt;
  return main && std::all_of(leak.stack.begin(),
                             leak.stack.begin() + static_cast<std::ptrdiff_t>(*main), is_libc);
}

}  // namespace

MaybeJudgement judge_leak(const Baseline& baseline, const Observation& run,
                          const JudgedFault& fault) {
  if (!baseline.exit_observed || run.exit_state.observed == 0 ||
      has_fact(fault, HEDDLE_INJECT_GIVES_BACK)) {
    return std::nullopt;
  }
  if (!baseline.wait_status) {
    return std::nullopt;  // the runs end in different places, and hold what they need there
  }
  const auto leak = [&](std::uint64_t held, std::uint64_t excused, const Range& range,
                        std::string_view what) -> MaybeJudgement {
    // The fault-free runs differ by chance; the next run may differ by as much again.
    if (held <= range.most + (range.most - range.least) + excused) {
      return std::nullopt;
    }
    return Judgement{Verdict::leaked,
                     fmt::format("{} {} at exit, {} more than in any of {} fault-free runs", held,
                                 what, held - range.most, baseline.runs),
                     {}};
  };
  const heddle_inject_exit_state& state = run.exit_state;
  if (auto descriptors = leak(state.descriptors, fault.kept_descriptors, baseline.descriptors,
                              "open descriptors")) {
    return descriptors;
  }
  if (auto threads = leak(state.threads, 0, baseline.threads, "threads")) {
    return threads;
  }
  // Valgrind's own memory stands among the program's, and grows with what it has seen.
  if (moves_memory_within_libc(fault) || baseline.checker == check_memcheck) {
    return std::nullopt;
  }
  // LeakSanitizer's allocator maps what it needs for itself, and a size of block that is new takes
  // more than the block.
  const std::uint64_t checkers = baseline.checker == check_leaks ? std::uint64_t{1} << 20 : 0;
  // A program that leaves its memory to the kernel holds, at its end, what its path there took. A
  // fault may lead along another path.
  const std::uint64_t by_the_way = baseline.mapped_bytes.most / 64;
  // Shared memory that is missing in this run may have become private.
  const std::uint64_t unshared =
      baseline.shared_bytes.least - std::min(baseline.shared_bytes.least, state.shared_bytes);
  // A program that cannot map a file may read it into a buffer that grows by doubling.
  const std::uint64_t in_place_of_refused = 2 * state.refused_bytes;
  return leak(state.mapped_bytes, in_place_of_refused + by_the_way + unshared + checkers,
              baseline.mapped_bytes, "bytes of private memory mapped");
}

std::vector<MemoryError> new_memory_errors(const Baseline& baseline, const Observation& run,
                                           const JudgedFault& fault) {
  std::vector<MemoryError> errors;
  const bool gives_back = has_fact(fault, HEDDLE_INJECT_GIVES_BACK);
  std::ranges::copy_if(run.memory.errors, std::back_inserter(errors), [&](const MemoryError& one) {
    return !baseline.usual_memory_errors.contains(place_of(one)) &&
           !(is_leak(one) && (gives_back || main_held(baseline, run, one)));
  });
  std::ranges::stable_sort(errors, std::ranges::greater{}, &MemoryError::bytes);
  // Not std::ranges': clang 14 cannot compile the subrange that it returns.
  std::stable_partition(errors.begin(), errors.end(),
                        [](const MemoryError& one) { return !is_leak(one); });
  return errors;
}

MaybeJudgement judge_memory(const Baseline& baseline, const Observation& run,
                            const JudgedFault& fault) {
  const std::vector<MemoryError> errors = new_memory_errors(baseline, run, fault);
  if (errors.empty() || is_leak(errors.front())) {
    return std::nullopt;
  }
  return Judgement{Verdict::memory_error, errors.front().what, {}};
}

MaybeJudgement judge_heap(const Baseline& baseline, const Observation& run,
                          const JudgedFault& fault) {
  std::vector<MemoryError> leaks = new_memory_errors(baseline, run, fault);
  std::erase_if(leaks, [](const MemoryError& one) { return !is_leak(one); });
  if (leaks.empty()) {
    return std::nullopt;
  }
  return Judgement{Verdict::leaked, describe_amount(leaks) + " of the heap lost", {}};
}

}  // namespace heddle::inject
