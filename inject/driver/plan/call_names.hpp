// call_names.hpp: calls as plans spell them: the rows of the table, and syscall.NAME for the
// others.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "plan/injectable_calls.hpp"

namespace heddle::inject {

/// As in a rule: a row, and, of SYSTEM_CALL, the number.
struct NamedCall {
  std::uint32_t call;
  std::uint32_t number;
};

/// The call of that name; otherwise, says what would be right. "futex" alone is no call.
tl::expected<NamedCall, std::string> find_call(std::string_view name);

/// The name that find_call knows it by.
std::string call_name(const NamedCall& call);

/// The name of the system call that the row is about; empty when it is about a function of libc, or
/// about any system call.
std::string_view system_call_of(const InjectableCall& row);

}  // namespace heddle::inject
