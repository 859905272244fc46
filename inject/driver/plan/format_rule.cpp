#include <fmt/core.h>

#include <limits>

#include "plan/call_names.hpp"
#include "plan/comparison.hpp"
#include "plan/errno_names.hpp"
#include "plan/expression_reader.hpp"
#include "plan/hashes.hpp"
#include "plan/plan.hpp"
#include "plan/quantities.hpp"
#include "plan/signal_names.hpp"

namespace heddle::inject {
namespace {

using Rule = heddle_inject_rule;

constexpr std::uint64_t ever = std::numeric_limits<std::uint64_t>::max();

std::string what(const Rule& rule) {
  std::string text;
  switch (rule.action) {
    case HEDDLE_INJECT_ERROR:
      text = fmt::format(":error={}", errno_name(rule.error));
      break;
    case HEDDLE_INJECT_RETURN:
      text = fmt::format(":retval={}", rule.return_value);
      break;
    case HEDDLE_INJECT_SPURIOUS:
      text = ":spurious";
      break;
    default:  // NOTHING; and a gate, which no plan can express
      break;
  }
  if (rule.signal != 0) {
    text += fmt::format(":signal={}", written_signal(rule.signal));
  }
  if (rule.delay_enter != 0) {
    text += fmt::format(":delay_enter={}", format_duration(rule.delay_enter));
  }
  if (rule.delay_exit != 0) {
    text += fmt::format(":delay_exit={}", format_duration(rule.delay_exit));
  }
  return text;
}

std::string occurrences(const Rule& rule) {
  if (rule.step == 0) {
    return fmt::format(":when={}", rule.first);
  }
  if (rule.last == ever && rule.step == 1) {
    return rule.first == 1 ? "" : fmt::format(":when={}+", rule.first);
  }
  std::string text = fmt::format(":when={}", rule.first);
  if (rule.last != ever) {
    text += fmt::format("..{}", rule.last);
  }
  return rule.step == 1 ? text : text + fmt::format("+{}", rule.step);
}

std::string when(const Rule& rule) {
  std::string text = occurrences(rule);
  if (rule.count == HEDDLE_INJECT_COUNT_PROCESS) {
    text += ":count=process";
  }
  if (rule.times != 0) {
    text += fmt::format(":times={}", rule.times);
  }
  if (rule.chance != 0) {
    text += fmt::format(":p={}", format_chance(rule.chance));
  }
  if (rule.chance != 0 && rule.seed != 0) {
    text += fmt::format(":seed={}", rule.seed);
  }
  if ((rule.flags & HEDDLE_INJECT_STICKY) != 0) {
    text += ":sticky";
  }
  if ((rule.flags & HEDDLE_INJECT_POSSIBLE) != 0) {
    text += ":possible";
  }
  return text;
}

std::string where(const Rule& rule, std::string_view thread_path) {
  std::string text;
  if (rule.thread_name[0] != '\0') {
    text += fmt::format(":thread={}", escaped(rule.thread_name));
  }
  if (rule.thread_path != 0) {
    const bool is_known = parse_thread_path(thread_path) == rule.thread_path;
    text += fmt::format(":thread=#{}", is_known ? thread_path : format_hash(rule.thread_path));
  }
  if (rule.stack != 0) {
    text += fmt::format(":stack={}", format_hash(rule.stack));
  }
  if (rule.caller[0] != '\0') {
    text += fmt::format(":caller={}", escaped(rule.caller));
  }
  if (rule.exe[0] != '\0') {
    text += fmt::format(":exe={}", escaped(rule.exe));
  }
  for (const heddle_inject_comparison& comparison : rule.comparisons) {
    if (comparison.argument != 0) {
      text += fmt::format(":{}", format_comparison(comparison));
    }
  }
  return text;
}

}  // namespace

std::string format_rule(const heddle_inject_rule& rule, std::string_view thread_path) {
  return call_name({rule.call, rule.number}) + what(rule) + when(rule) + where(rule, thread_path);
}

}  // namespace heddle::inject
