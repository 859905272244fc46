#include "decision.hpp"

#include <algorithm>
#include <cerrno>

#include "call_stack.hpp"
#include "conditions.hpp"
#include "effects.hpp"
#include "exit_state.hpp"
#include "hash.hpp"
#include "leak_checker.hpp"
#include "missed_call.hpp"
#include "needs.hpp"
#include "occurrence_count.hpp"
#include "often_written.hpp"
#include "record.hpp"
#include "thread_state.hpp"
#include "unseen.hpp"
#include "unwinder.hpp"

namespace heddle::inject {
namespace {

/// The counts of the process, by rule. A forked child goes on from its parent's counts; an executed
/// program starts anew.
HEDDLE_INJECT_OFTEN_WRITTEN constinit OccurrenceCount process_reached[HEDDLE_INJECT_MAXIMUM_RULES];
HEDDLE_INJECT_OFTEN_WRITTEN constinit OccurrenceCount process_fired[HEDDLE_INJECT_MAXIMUM_RULES];
HEDDLE_INJECT_OFTEN_WRITTEN constinit std::atomic<std::uint32_t> next_shard{0};

/// Says whether the rule can be carried out. Others are skipped, and so reported as never reached.
bool can_apply(const heddle_inject_rule& rule) {
  switch (rule.action) {
    case HEDDLE_INJECT_ERROR:
      return rule.error > 0;
    case HEDDLE_INJECT_SPURIOUS:
      return rule.call == HEDDLE_INJECT_FUTEX_WAIT;
    case HEDDLE_INJECT_NOTHING:
    case HEDDLE_INJECT_RETURN:
    case HEDDLE_INJECT_GATE:
      return true;
    default:
      return false;
  }
}

bool is_among(const heddle_inject_rule& rule, std::uint64_t occurrence) {
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

bool is_possible(const heddle_inject_rule& rule, const Call& call) {
  return (rule.flags & HEDDLE_INJECT_POSSIBLE) == 0 || rule.action != HEDDLE_INJECT_ERROR ||
         can_get(call, rule.error);
}

bool draws(const heddle_inject_rule& rule, std::uint64_t own_occurrence) {
  return rule.chance == 0 ||
         mixed(mixed(rule.seed ^ thread_state.path.hash) + own_occurrence) < rule.chance;
}

/// Adds one to a total, which is shared between processes and only read by the driver. Each call
/// that a rule looks at adds at once: a process may end at any moment without telling, and its user
/// then needs to know "fired 0 times of 3". Calls that no rule looks at write nothing.
void add_one(std::uint64_t& total) {
  std::atomic_ref(total).fetch_add(1, std::memory_order_relaxed);
}

heddle_inject_totals& own_totals(heddle_inject_control& control) {
  if (thread_state.shard == 0) [[unlikely]] {
    // By arrival, so that the first threads each have a cache line of their own, whatever their
    // paths.
    const std::uint32_t arrival = next_shard.fetch_add(1, std::memory_order_relaxed);
    thread_state.shard = 1 + arrival % HEDDLE_INJECT_SHARDS;
  }
  return control.totals[thread_state.shard - 1];
}

/// One call that one rule looks at.
struct Occurrence {
  heddle_inject_rule& rule;
  std::uint32_t index;
  std::uint32_t generation;

  /// Counts the call, and says whether the rule is due.
  bool is_due() const {
    const bool by_process = rule.count == HEDDLE_INJECT_COUNT_PROCESS;
    std::uint64_t ordinal = by_process ? process_reached[index].next(generation) : 0;
    // The draw depends only on the thread's own ordinal, so that arrival does not matter.
    const std::uint64_t own =
        !by_process || rule.chance != 0 ? thread_state.reached[index].next(generation) : 0;
    ordinal = by_process ? ordinal : own;
    return is_stuck() || (is_among(rule, ordinal) && draws(rule, own));
  }

  /// Counts a firing, and says whether it is within the bound on their number.
  bool may_fire() const {
    if (rule.times == 0 || is_stuck()) {
      return true;
    }
    return (rule.count == HEDDLE_INJECT_COUNT_PROCESS
                ? process_fired[index].next(generation)
                : thread_state.fired[index].next(generation)) <= rule.times;
  }

  // Relaxed: the flag publishes nothing but itself.
  void stick() const {
    if ((rule.flags & HEDDLE_INJECT_STICKY) != 0) {
      std::atomic_ref(rule.stuck).store(1, std::memory_order_relaxed);
    }
  }

  bool is_stuck() const {
    return (rule.flags & HEDDLE_INJECT_STICKY) != 0 &&
           std::atomic_ref(rule.stuck).load(std::memory_order_relaxed) != 0;
  }
};

Decision passed_on(std::uint64_t delay_exit, bool raw) {
  return {Verdict::pass_on, raw || delay_exit != 0, 0, 0, delay_exit};
}

/// Does what the rule does before the call, and says what becomes of it.
Decision fire(heddle_inject_rule& rule, bool raw) {
  if (rule.delay_enter != 0) {
    wait_nanoseconds(rule.delay_enter);
  }
  if (rule.signal != 0) {
    signal_this_thread(rule.signal);
  }
  switch (rule.action) {
    case HEDDLE_INJECT_ERROR:
      return {Verdict::fail, false, rule.error, 0, rule.delay_exit};
    case HEDDLE_INJECT_RETURN:
      return {Verdict::answer, false, 0, rule.return_value, rule.delay_exit};
    case HEDDLE_INJECT_SPURIOUS:
      return {Verdict::wake_spuriously, false, 0, 0, rule.delay_exit};
    case HEDDLE_INJECT_GATE:
      hold_at_gate(rule);
      break;
    default:
      break;
  }
  return passed_on(rule.delay_exit, raw);
}

/// Returns the rule that fires on the call, or null. All rules count the call, even after an
/// earlier rule has claimed it.
heddle_inject_rule* find_firing_rule(heddle_inject_control& control, std::uint32_t generation,
                                     const Call& call, CallStack& stack) {
  heddle_inject_rule* chosen = nullptr;
  const std::uint32_t rule_count =
      std::min<std::uint32_t>(control.rule_count, HEDDLE_INJECT_MAXIMUM_RULES);
  for (std::uint32_t index = 0; index < rule_count; ++index) {
    heddle_inject_rule& rule = control.rules[index];
    const Occurrence occurrence{rule, index, generation};
    if (!is_about(rule, call) || !can_apply(rule) ||
        !(occurrence.is_stuck() || passes_conditions(rule, call, stack))) {
      continue;
    }
    auto& totals = own_totals(control).rules[index];
    add_one(totals.reached);
    if (!occurrence.is_due() || !is_possible(rule, call)) {
      continue;
    }
    if (chosen == nullptr && occurrence.may_fire()) {
      add_one(totals.fired);
      chosen = &rule;
    }
    // Even if an earlier rule has claimed the call: so a rule without effect can count the calls
    // after another rule's fault.
    occurrence.stick();
  }
  return chosen;
}

}  // namespace

Decision decide_armed(std::uint32_t generation, const Call& call) {
  heddle_inject_control& control = *control_block.load(std::memory_order_acquire);
  const bool raw = (control.flags & HEDDLE_INJECT_RAW) != 0;
  if (thread_state.pass_through != 0 || is_unwinders_own(call) || is_leak_checkers_own(call)) {
    return passed_on(0, raw);
  }
  if (thread_state.path.hash == unknown_path.hash) [[unlikely]] {
    note_unseen(HEDDLE_INJECT_UNSEEN_THREADS, "");
  }
  CallStack stack(call);
  if ((control.flags & HEDDLE_INJECT_RECORD) != 0) {
    record_call(call, stack);
  }
  heddle_inject_rule* const rule = find_firing_rule(control, generation, call, stack);
  const Decision decision = rule == nullptr ? passed_on(0, raw) : fire(*rule, raw);
  if ((control.flags & HEDDLE_INJECT_COUNT_CALLS) != 0 && decision.verdict == Verdict::pass_on &&
      would_be_missed(call)) {
    add_one(own_totals(control).calls[call.row]);
  }
  if (decision.verdict == Verdict::fail) {
    note_refused_memory(call);
    if (decision.error == EINTR) {
      store_remaining_time(call);
    }
  }
  return decision;
}

}  // namespace heddle::inject
