#include "plan/call_names.hpp"

#include <fmt/core.h>

#include <charconv>
#include <vector>

#include "plan/nearest_name.hpp"
#include "plan/system_call_names.hpp"

namespace heddle::inject {
namespace {

constexpr std::string_view system_call_prefix = "syscall.";

NamedCall any_of(const InjectableCall& row) {
  return {static_cast<std::uint32_t>(row.call),
          row.call == HEDDLE_INJECT_SYSTEM_CALL ? UINT32_MAX : 0};
}

/// Names the rows about a system call: "mmap" for mmap; for futex, the row of each operation.
std::string rows_about(std::string_view system_call) {
  std::string names;
  for (const InjectableCall& row : injectable_calls()) {
    if (system_call_of(row) == system_call) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", row.name);
    }
  }
  return names;
}

std::optional<std::uint32_t> number_of(std::string_view name) {
  std::uint32_t number = 0;
  const char* const end = name.data() + name.size();
  if (std::from_chars(name.data(), end, number) == std::from_chars_result{end, {}}) {
    return number == UINT32_MAX ? std::nullopt : std::optional(number);
  }
  return system_call_number(name);
}

tl::expected<NamedCall, std::string> find_system_call(std::string_view name) {
  const std::optional<std::uint32_t> number = number_of(name);
  if (!number) {
    std::vector<std::string> known;
    for (const SystemCallName& candidate : system_call_names()) {
      known.emplace_back(candidate.name);
    }
    return tl::unexpected(fmt::format("'{}' is neither the name nor the number of a system call{}",
                                      name, suggestion(name, known)));
  }
  const std::string_view canonical = system_call_name(*number);
  if (const std::string rows = canonical.empty() ? "" : rows_about(canonical); !rows.empty()) {
    return tl::unexpected(
        fmt::format("the system call {} has its own name here: say {}", canonical, rows));
  }
  return NamedCall{HEDDLE_INJECT_SYSTEM_CALL, *number};
}

std::string unknown(std::string_view name) {
  if (system_call_number(name)) {
    const std::string rows = rows_about(name);
    return fmt::format("'{}' has no row of its own in the table of calls: say {}", name,
                       rows.empty() ? fmt::format("{}{}", system_call_prefix, name) : rows);
  }
  std::vector<std::string> known;
  for (const InjectableCall& row : injectable_calls()) {
    known.emplace_back(row.name);
  }
  return fmt::format(
      "'{}' is not a call that can fail here{}; 'heddle-inject run --help' lists them", name,
      suggestion(name, known));
}

}  // namespace

tl::expected<NamedCall, std::string> find_call(std::string_view name) {
  if (name.starts_with(system_call_prefix)) {
    return find_system_call(name.substr(system_call_prefix.size()));
  }
  const InjectableCall* const row = find_injectable_call(name);
  return row != nullptr ? tl::expected<NamedCall, std::string>(any_of(*row))
                        : tl::unexpected(unknown(name));
}

std::string call_name(const NamedCall& call) {
  const InjectableCall& row = injectable_calls()[call.call];
  if (row.call != HEDDLE_INJECT_SYSTEM_CALL || call.number == UINT32_MAX) {
    return std::string(row.name);
  }
  const std::string_view name = system_call_name(call.number);
  return fmt::format("{}{}", system_call_prefix,
                     name.empty() ? std::to_string(call.number) : std::string(name));
}

std::string_view system_call_of(const InjectableCall& row) {
  return row.system_call ? system_call_name(*row.system_call) : std::string_view{};
}

}  // namespace heddle::inject
