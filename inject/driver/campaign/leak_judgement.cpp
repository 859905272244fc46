// Compares what a run holds at its end with what the fault-free runs held.
#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <iterator>

#include "campaign/judgements.hpp"
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
  if (moves_memory_within_libc(fault)) {
    return std::nullopt;
  }
  // LeakSanitizer's allocator maps what it needs for itself, and a size of block that is new takes
  // more than the block.
  const std::uint64_t checkers = baseline.heap_checked ? std::uint64_t{1} << 20 : 0;
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

std::vector<HeapLeak> new_leaks(const Baseline& baseline, const Observation& run,
                                const JudgedFault& fault) {
  std::vector<HeapLeak> leaks;
  if (!baseline.heap_checked || !run.heap.failure.empty() ||
      has_fact(fault, HEDDLE_INJECT_GIVES_BACK)) {
    return leaks;
  }
  std::ranges::copy_if(run.heap.leaks, std::back_inserter(leaks), [&](const HeapLeak& leak) {
    return !baseline.usual_leaks.contains(place_of(leak));
  });
  std::ranges::stable_sort(leaks, std::ranges::greater{}, &HeapLeak::bytes);
  return leaks;
}

MaybeJudgement judge_heap(const Baseline& baseline, const Observation& run,
                          const JudgedFault& fault) {
  const std::vector<HeapLeak> leaks = new_leaks(baseline, run, fault);
  if (leaks.empty()) {
    return std::nullopt;
  }
  return Judgement{Verdict::leaked, describe_amount(leaks) + " of the heap lost", {}};
}

}  // namespace heddle::inject
