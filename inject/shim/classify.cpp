#include "classify.hpp"

#include <linux/futex.h>

#include <array>
#include <cstddef>
#include <iterator>

namespace heddle::inject {
namespace {

Classified futex_row(long operation) {
  switch (operation & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET:
      return {HEDDLE_INJECT_FUTEX_WAIT, 0};
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
      return {HEDDLE_INJECT_FUTEX_WAKE, 0};
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
    case FUTEX_CMP_REQUEUE_PI:
      return {HEDDLE_INJECT_FUTEX_REQUEUE, 0};
    case FUTEX_WAKE_OP:
      return {HEDDLE_INJECT_FUTEX_WAKE_OP, 0};
    case FUTEX_LOCK_PI:
    case FUTEX_LOCK_PI2:
    case FUTEX_TRYLOCK_PI:
    // Not futex.wait: this wait ends with the lock held, so a spurious 0 would be a lie.
    case FUTEX_WAIT_REQUEUE_PI:
      return {HEDDLE_INJECT_FUTEX_LOCK_PI, 0};
    case FUTEX_UNLOCK_PI:
      return {HEDDLE_INJECT_FUTEX_UNLOCK_PI, 0};
    default:
      return {HEDDLE_INJECT_SYSTEM_CALL, SYS_futex};
  }
}

/// By number: the row of a system call; SYSTEM_CALL when it has none of its own. The kernel numbers
/// its calls without large gaps.
constexpr auto rows_by_number = [] {
  std::array<heddle_inject_call, 512> rows{};
  rows.fill(HEDDLE_INJECT_SYSTEM_CALL);
  for (std::size_t row = 0; row < std::size(system_calls); ++row) {
    if (system_calls[row] != no_system_call) {
      rows.at(static_cast<std::size_t>(system_calls[row])) = static_cast<heddle_inject_call>(row);
    }
  }
  return rows;
}();

}  // namespace

Classified classify(long number, const SystemCallArguments& arguments) {
  if (number == SYS_futex) {
    return futex_row(arguments[1]);
  }
  const auto index = static_cast<std::size_t>(number);
  const heddle_inject_call row =
      index < rows_by_number.size() ? rows_by_number[index] : HEDDLE_INJECT_SYSTEM_CALL;
  return {row, row == HEDDLE_INJECT_SYSTEM_CALL ? static_cast<std::uint32_t>(number) : 0};
}

}  // namespace heddle::inject
