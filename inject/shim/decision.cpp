#include "decision.h"

#include <algorithm>

#include "occurrence_count.h"

namespace heddle::inject {
namespace {

/// A forked child goes on from its parent's counts; a program that it executes starts anew.
constinit OccurrenceCount process_counts[HEDDLE_INJECT_MAXIMUM_RULES];
constinit thread_local OccurrenceCount thread_counts[HEDDLE_INJECT_MAXIMUM_RULES];

/// A rule that cannot be carried out is not looked at, so that it is reported as never reached.
bool can_apply(const heddle_inject_rule& rule) {
  if (rule.action == HEDDLE_INJECT_SPURIOUS) {
    return rule.call == HEDDLE_INJECT_FUTEX_WAIT;
  }
  return rule.action == HEDDLE_INJECT_ERROR && rule.error > 0;
}

bool fires_on(const heddle_inject_rule& rule, uint64_t occurrence) {
  if (occurrence < rule.first || occurrence > rule.last) {
    return false;
  }
  switch (rule.step) {
    case 0:
      return occurrence == rule.first;
    case 1:
      return true;
    default:
      return (occurrence - rule.first) % rule.step == 0;
  }
}

/// The totals are shared, also between processes, and only ever read by the other side. `reached`
/// is written on each call that a rule looks at, not gathered per thread first: a process may end
/// at any moment without telling, and "fired 0 times of 3" is what its user then needs to know.
/// Calls that no rule names write nothing.
void add_one(uint64_t& total) {
  std::atomic_ref(total).fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

Decision decide_armed(heddle_inject_control& control, uint32_t generation,
                      heddle_inject_call call) {
  const heddle_inject_rule* chosen = nullptr;
  uint32_t chosen_index = 0;
  const uint32_t rule_count = std::min<uint32_t>(control.rule_count, HEDDLE_INJECT_MAXIMUM_RULES);
  for (uint32_t index = 0; index < rule_count; ++index) {
    heddle_inject_rule& rule = control.rules[index];
    if (rule.call != static_cast<uint32_t>(call) || !can_apply(rule)) {
      continue;
    }
    add_one(control.totals[0].rules[index].reached);
    OccurrenceCount& count =
        rule.count == HEDDLE_INJECT_COUNT_PROCESS ? process_counts[index] : thread_counts[index];
    // Every rule counts every call, also one that an earlier rule has already claimed.
    if (fires_on(rule, count.next(generation)) && chosen == nullptr) {
      chosen = &rule;
      chosen_index = index;
    }
  }
  if (chosen == nullptr) {
    return {Verdict::kPassOn, 0};
  }
  add_one(control.totals[0].rules[chosen_index].fired);
  if (chosen->action == HEDDLE_INJECT_SPURIOUS) {
    return {Verdict::kWakeSpuriously, 0};
  }
  return {Verdict::kFail, chosen->error};
}

}  // namespace heddle::inject
