// call_names.hpp: calls as plans spell them: by the rows of the table, and as syscall.NAME.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "plan/injectable_calls.hpp"

namespace heddle::inject {

/// A call as rules have it: a row and, for SYSTEM_CALL, the number.
struct NamedCall {
  std::uint32_t call;
  std::uint32_t number;
};

/// Finds the call of that name; on failure, says what would be right. "futex" alone is no call.
tl::expected<NamedCall, std::string> find_call(std::string_view name);

/// Returns the name by which find_call knows the call.
std::string call_name(const NamedCall& call);

/// Returns the system call that the row is about; empty for a function of libc, and for the row of
/// all other system calls.
std::string_view system_call_of(const InjectableCall& row);

}  // namespace heddle::inject
