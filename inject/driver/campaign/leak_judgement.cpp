// Compares what a run holds at its end with what the fault-free runs held.
#include <fmt/core.h>

#include <algorithm>

#include "campaign/judgements.hpp"

namespace heddle::inject {
namespace {

/// Calls that give something back: when they are made to fail, what is held longer is held because
/// of the injector.
bool gives_back(heddle_inject_call call) {
  switch (call) {
    case HEDDLE_INJECT_MUNMAP:
    case HEDDLE_INJECT_PTHREAD_JOIN:
    case HEDDLE_INJECT_PTHREAD_DETACH:
    case HEDDLE_INJECT_PTHREAD_ATTR_DESTROY:
      return true;
    default:
      return false;
  }
}

/// After such a fault, what is mapped at exit is libc's affair. It keeps the stack that it has
/// mapped for a thread which then could not be made. And its allocator, refused memory in one
/// place, takes it from another, where it does not count as the allocator's.
bool moves_memory_within_libc(const JudgedFault& fault) {
  switch (fault.call) {
    case HEDDLE_INJECT_CLONE:
    case HEDDLE_INJECT_CLONE3:
      return true;
    case HEDDLE_INJECT_MMAP:
    case HEDDLE_INJECT_MPROTECT:
    case HEDDLE_INJECT_MREMAP:
    case HEDDLE_INJECT_MADVISE:
      return fault.raw;
    default:
      return false;
  }
}

}  // namespace

MaybeJudgement judge_leak(const Baseline& baseline, const Observation& run,
                          const JudgedFault& fault) {
  if (!baseline.exit_observed || run.exit_state.observed == 0 || gives_back(fault.call)) {
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
  // A program that leaves its memory to the kernel holds, at its end, what its path there took. A
  // fault may lead along another path.
  const std::uint64_t by_the_way = baseline.mapped_bytes.most / 64;
  // Shared memory that is missing in this run may have become private.
  const std::uint64_t unshared =
      baseline.shared_bytes.least - std::min(baseline.shared_bytes.least, state.shared_bytes);
  // A program that cannot map a file may read it into a buffer that grows by doubling.
  const std::uint64_t in_place_of_refused = 2 * state.refused_bytes;
  return leak(state.mapped_bytes, in_place_of_refused + by_the_way + unshared,
              baseline.mapped_bytes, "bytes of private memory mapped");
}

}  // namespace heddle::inject
