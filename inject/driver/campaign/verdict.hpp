// verdict.hpp: the judgement of a run with a fault against the fault-free runs.
#pragma once

#include <heddle/inject_calls.h>

#include <cstdint>
#include <string>

#include "campaign/baseline.hpp"
#include "campaign/campaign_log.hpp"
#include "campaign/observation.hpp"

namespace heddle::inject {

/// The properties of a fault on which its verdict depends.
struct JudgedFault {
  heddle_inject_call call;
  std::uint64_t fired = 0;  // how often the call failed
  bool refused = true;      // the call was not carried out; false after a spurious wake-up
  bool raw = false;         // calls that libc makes itself were among those that could fail
  // Beyond the usual at exit, and no more however often the call fails: its fallback keeps them.
  std::uint64_t kept_descriptors = 0;
};

struct Judgement {
  Verdict verdict = Verdict::not_reached;
  std::string evidence;  // one line
  std::string message;   // the first new line on standard error, or an error message on standard
                         // output; or empty
};

/// Judges the run. What cannot be known is judged in the program's favour: a stream that differs
/// between fault-free runs may have said anything. Pure.
Judgement judge(const Baseline& baseline, const Observation& run, const JudgedFault& fault);

/// Says whether a verdict must be seen again before it stands.
bool needs_repetition(Verdict verdict);

}  // namespace heddle::inject
