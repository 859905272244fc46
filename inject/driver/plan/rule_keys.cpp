#include "plan/rule_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "plan/errno_names.hpp"
#include "plan/hashes.hpp"
#include "plan/nearest_name.hpp"
#include "plan/quantities.hpp"
#include "plan/signal_names.hpp"

namespace heddle::inject {
namespace {

using Rule = heddle_inject_rule;

/// Keys of strace and of inject_control.h that no plan can have, and why.
constexpr std::pair<std::string_view, std::string_view> refused_keys[] = {
    {"gate",
     "nobody could release a gate from a command line: only a program that steers the shim can "
     "(inject_control.h); delay_enter=10ms holds a thread for a time"},
    {"syscall", "no other system call can be made instead: say what this one returns, retval=..."},
    {"poke_enter", "a call's memory cannot be changed: say how the call fails, error=..."},
    {"poke_exit", "a call's memory cannot be changed: say how the call fails, error=..."}};

Problem read_error(ExpressionReader& reader, Rule& rule) {
  const std::size_t column = reader.column();
  const std::string_view name = reader.value();
  if (const std::optional<int> value = errno_value(name)) {
    rule.error = *value;
    return std::nullopt;
  }
  return PlanError{column, fmt::format("'{}' is not an errno, such as EAGAIN{}", name,
                                       suggestion(name, errno_names()))};
}

Problem read_return_value(ExpressionReader& reader, Rule& rule) {
  std::uint64_t value = 0;
  Problem problem = reader.integer("retval", value);
  rule.return_value = static_cast<std::int64_t>(value);
  return problem;
}

Problem read_signal(ExpressionReader& reader, Rule& rule) {
  const std::size_t column = reader.column();
  const std::string_view name = reader.value();
  if (const std::optional<int> number = signal_number(name)) {
    rule.signal = *number;
    return std::nullopt;
  }
  return PlanError{column, fmt::format("'{}' is not a signal, such as SIGUSR1{}", name,
                                       suggestion(name, signal_names()))};
}

Problem read_duration(ExpressionReader& reader, std::uint64_t& delay) {
  const std::size_t column = reader.column();
  const std::string_view text = reader.value();
  if (const std::optional<std::uint64_t> duration = parse_duration(text)) {
    delay = *duration;
    return std::nullopt;
  }
  return PlanError{
      column, fmt::format("'{}' is not a time from 1ns on, such as 250us, 10ms or 1.5s", text)};
}

Problem read_delay_enter(ExpressionReader& reader, Rule& rule) {
  return read_duration(reader, rule.delay_enter);
}

Problem read_delay_exit(ExpressionReader& reader, Rule& rule) {
  return read_duration(reader, rule.delay_exit);
}

/// Reads FIRST[..LAST][+[STEP]]: FIRST alone is that one call; LAST or a plus makes it a range, of
/// which every STEP-th call counts.
Problem read_when(ExpressionReader& reader, Rule& rule) {
  if (Problem problem = reader.ordinal("FIRST", rule.first)) {
    return problem;
  }
  rule.last = rule.first;
  rule.step = 0;
  if (reader.skip("..")) {
    const std::size_t column = reader.column();
    if (Problem problem = reader.ordinal("LAST", rule.last)) {
      return problem;
    }
    if (rule.last < rule.first) {
      return PlanError{column, "LAST comes before FIRST"};
    }
    rule.step = 1;
  }
  if (!reader.skip("+")) {
    return std::nullopt;
  }
  if (rule.step == 0) {
    rule.last = std::numeric_limits<std::uint64_t>::max();
  }
  rule.step = 1;
  return reader.at_value_end() ? std::nullopt : reader.ordinal("STEP", rule.step);
}

Problem read_count(ExpressionReader& reader, Rule& rule) {
  const std::size_t column = reader.column();
  const std::string_view way = reader.value();
  if (way == "process") {
    rule.count = HEDDLE_INJECT_COUNT_PROCESS;
  } else if (way != "thread") {
    return PlanError{column, fmt::format("'{}' is no way to count: say thread or process", way)};
  }
  return std::nullopt;
}

Problem read_times(ExpressionReader& reader, Rule& rule) {
  return reader.ordinal("times", rule.times);
}

Problem read_chance(ExpressionReader& reader, Rule& rule) {
  const std::size_t column = reader.column();
  const std::string_view text = reader.value();
  if (const std::optional<std::uint64_t> chance = parse_chance(text)) {
    rule.chance = *chance;
    return std::nullopt;
  }
  return PlanError{column,
                   fmt::format("'{}' is not a chance above 0 and up to 1, such as 0.01", text)};
}

Problem read_seed(ExpressionReader& reader, Rule& rule) {
  return reader.ordinal("seed", rule.seed);
}

Problem read_sticky(ExpressionReader& /*reader*/, Rule& rule) {
  rule.flags |= HEDDLE_INJECT_STICKY;
  return std::nullopt;
}

Problem read_possible(ExpressionReader& /*reader*/, Rule& rule) {
  rule.flags |= HEDDLE_INJECT_POSSIBLE;
  return std::nullopt;
}

template <std::size_t size>
Problem read_text(ExpressionReader& reader, std::string_view what, char (&field)[size]) {
  const std::size_t column = reader.column();
  const std::string text = reader.text();
  if (text.empty() || text.size() >= size) {
    return PlanError{column,
                     fmt::format("{} has 1 to {} bytes, not {}", what, size - 1, text.size())};
  }
  if (text.find('\0') != std::string::npos) {
    return PlanError{column, fmt::format("{} cannot have a zero byte", what)};
  }
  std::ranges::copy(text, field);
  return std::nullopt;
}

template <std::size_t size>
Problem read_file_name(ExpressionReader& reader, std::string_view what, char (&field)[size]) {
  const std::size_t column = reader.column();
  if (Problem problem = read_text(reader, what, field)) {
    return problem;
  }
  if (std::string_view(field).find('/') != std::string_view::npos) {
    return PlanError{column, fmt::format("{} is the name of a file, without its folder", what)};
  }
  return std::nullopt;
}

Problem read_caller(ExpressionReader& reader, Rule& rule) {
  return read_file_name(reader, "caller", rule.caller);
}

Problem read_exe(ExpressionReader& reader, Rule& rule) {
  return read_file_name(reader, "exe", rule.exe);
}

Problem read_thread(ExpressionReader& reader, Rule& rule) {
  const std::size_t column = reader.column();
  if (!reader.skip("#")) {
    return read_text(reader, "thread", rule.thread_name);
  }
  const std::string_view path = reader.value();
  if (const std::optional<std::uint64_t> hash = parse_thread_path(path)) {
    rule.thread_path = *hash;
    return std::nullopt;
  }
  return PlanError{column, fmt::format("'#{}' is not a thread: #0 is the main thread, #0.2 the "
                                       "second that it has made, #0.f1 its first child process",
                                       path)};
}

Problem read_stack(ExpressionReader& reader, Rule& rule) {
  const std::size_t column = reader.column();
  const std::string_view digits = reader.value();
  if (const std::optional<std::uint64_t> hash = parse_hash(digits)) {
    rule.stack = *hash;
    return std::nullopt;
  }
  return PlanError{column, fmt::format("'{}' is not a call stack: it has 16 hexadecimal digits, as "
                                       "'heddle-inject sites' prints them",
                                       digits)};
}

constexpr RuleKey every_key[] = {{"error", true, HEDDLE_INJECT_ERROR, read_error},
                                 {"retval", true, HEDDLE_INJECT_RETURN, read_return_value},
                                 {"spurious", false, HEDDLE_INJECT_SPURIOUS, nullptr},
                                 {"signal", true, HEDDLE_INJECT_NOTHING, read_signal},
                                 {"delay_enter", true, HEDDLE_INJECT_NOTHING, read_delay_enter},
                                 {"delay_exit", true, HEDDLE_INJECT_NOTHING, read_delay_exit},
                                 {"when", true, HEDDLE_INJECT_NOTHING, read_when},
                                 {"count", true, HEDDLE_INJECT_NOTHING, read_count},
                                 {"times", true, HEDDLE_INJECT_NOTHING, read_times},
                                 {"p", true, HEDDLE_INJECT_NOTHING, read_chance},
                                 {"seed", true, HEDDLE_INJECT_NOTHING, read_seed},
                                 {"sticky", false, HEDDLE_INJECT_NOTHING, read_sticky},
                                 {"possible", false, HEDDLE_INJECT_NOTHING, read_possible},
                                 {"thread", true, HEDDLE_INJECT_NOTHING, read_thread},
                                 {"stack", true, HEDDLE_INJECT_NOTHING, read_stack},
                                 {"caller", true, HEDDLE_INJECT_NOTHING, read_caller},
                                 {"exe", true, HEDDLE_INJECT_NOTHING, read_exe}};

/// Suggests a key for an unknown one. A lone value, such as EAGAIN, tells its key.
std::string meant_by(std::string_view name, const std::vector<std::string>& keys) {
  const bool is_number = name.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_number && errno_value(name)) {
    return fmt::format(" (did you mean error={}?)", name);
  }
  if (!is_number && signal_number(name)) {
    return fmt::format(" (did you mean signal={}?)", name);
  }
  return suggestion(name, keys);
}

}  // namespace

std::span<const RuleKey> rule_keys() {
  return every_key;
}

Problem refuse_key(std::string_view name, std::size_t column) {
  for (const auto& [refused, reason] : refused_keys) {
    if (name == refused) {
      return PlanError{column, std::string(reason)};
    }
  }
  std::vector<std::string> known;
  for (const RuleKey& key : every_key) {
    known.emplace_back(key.name);
  }
  known.insert(known.end(), {"op", "arg1"});
  return PlanError{column, fmt::format("'{}' is not a key{}; there are {} to arg6", name,
                                       meant_by(name, known), fmt::join(known, ", "))};
}

}  // namespace heddle::inject
