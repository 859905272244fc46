#include "plan/injectable_calls.hpp"

#include <fmt/core.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <initializer_list>

#include "plan/errno_names.hpp"
#include "process/processor.hpp"

namespace heddle::inject {
namespace {

using enum Likelihood;

std::optional<std::uint32_t> system_call(long number) {
  return number < 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(number));
}

/// Takes a row's errnos out of the parentheses in which the table has them.
#define HEDDLE_ERRNOS(...) __VA_ARGS__
#define HEDDLE_ROW(identifier, name, number, report, facts, loss, likely, possible, hostile) \
  InjectableCall{name,                                                                       \
                 HEDDLE_INJECT_##identifier,                                                 \
                 system_call(number),                                                        \
                 HEDDLE_INJECT_##report,                                                     \
                 facts,                                                                      \
                 loss,                                                                       \
                 HEDDLE_INJECT_##identifier == HEDDLE_INJECT_FUTEX_WAIT,                     \
                 documented(HEDDLE_INJECT_##identifier, {HEDDLE_ERRNOS likely},              \
                            {HEDDLE_ERRNOS possible}, {HEDDLE_ERRNOS hostile})},

struct Needed {
  heddle_inject_call call;
  int value;
  heddle_inject_need need;
};

#define HEDDLE_NEEDED(row, value, need) {HEDDLE_INJECT_##row, value, HEDDLE_INJECT_NEED_##need},
constexpr Needed needed_errors[] = {HEDDLE_INJECT_NEEDS_TABLE(HEDDLE_NEEDED)};
#undef HEDDLE_NEEDED

struct Need {
  std::string_view name, text;
};

#define HEDDLE_NEED(identifier, text) {#identifier, text},
constexpr Need needs[] = {HEDDLE_INJECT_NEED_TABLE(HEDDLE_NEED)};
#undef HEDDLE_NEED

std::optional<heddle_inject_need> need_of(heddle_inject_call call, int value) {
  const auto* const needed = std::ranges::find_if(needed_errors, [&](const Needed& candidate) {
    return candidate.call == call && candidate.value == value;
  });
  return needed == std::end(needed_errors) ? std::nullopt : std::optional(needed->need);
}

std::vector<DocumentedErrno> documented(heddle_inject_call call, std::initializer_list<int> likely,
                                        std::initializer_list<int> possible,
                                        std::initializer_list<int> hostile) {
  std::vector<DocumentedErrno> errnos;
  const auto add = [&](std::initializer_list<int> values, Likelihood likelihood) {
    for (const int value : values) {
      errnos.push_back({value, likelihood, need_of(call, value)});
    }
  };
  add(likely, Likelihood::likely);
  add(possible, Likelihood::possible);
  add(hostile, Likelihood::hostile);
  return errnos;
}

const std::vector<InjectableCall>& table() {
  static const std::vector<InjectableCall> rows{HEDDLE_INJECT_CALL_TABLE(HEDDLE_ROW)};
  return rows;
}

#undef HEDDLE_ROW
#undef HEDDLE_ERRNOS

std::string names_of(const InjectableCall& row, Likelihood likelihood) {
  std::string names;
  for (const DocumentedErrno& documented : row.errnos) {
    if (documented.likelihood == likelihood) {
      names += fmt::format("{}{}", names.empty() ? "" : " ", errno_name(documented.value));
    }
  }
  return names;
}

/// Lays out a line of the table, with columns as wide as their longest entries.
std::string columns(std::string_view call, std::string_view likely, std::string_view possible,
                    std::string_view hostile) {
  std::string line = fmt::format("  {:<29} {:<13} {:<33} {}", call, likely, possible, hostile);
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

}  // namespace

std::span<const InjectableCall> injectable_calls() {
  return table();
}

const InjectableCall* find_injectable_call(std::string_view name) {
  const auto row = std::ranges::find(table(), name, &InjectableCall::name);
  return row == table().end() ? nullptr : &*row;
}

std::string_view need_name(heddle_inject_need need) {
  return needs[need].name;
}

std::string describe_injectable_calls() {
  std::string text = columns("call", "likely", "possible", "hostile");
  for (const InjectableCall& row : table()) {
    text +=
        columns(row.name, names_of(row, likely), names_of(row, possible), names_of(row, hostile));
  }
  text += "\n  of these, hostile wherever the call is another one:\n";
  for (const InjectableCall& row : table()) {
    for (const DocumentedErrno& documented : row.errnos) {
      if (documented.need) {
        text += fmt::format("  {:<29} {:<13} only if {}\n", row.name, errno_name(documented.value),
                            needs[*documented.need].text);
      }
    }
  }
  return text;
}

}  // namespace heddle::inject
