// fatal.hpp: how the shim ends the process when it cannot do its work.
#pragma once

#include <sys/syscall.h>
#include <sys/uio.h>

#include <atomic>
#include <cstring>
#include <initializer_list>

#include "raw_system_call.hpp"
#include "record.hpp"

namespace heddle::inject {

/// Prints "heddle-inject: " and the pieces as one line on standard error. At most 8 pieces.
inline void print_message(std::initializer_list<const char*> pieces) {
  iovec vectors[10];
  std::size_t count = 0;
  const auto append = [&](const char* text) {
    vectors[count++] = {const_cast<char*>(text), std::strlen(text)};
  };
  append("heddle-inject: ");
  for (const char* piece : pieces) {
    if (count < 9) {
      append(piece);
    }
  }
  append("\n");
  // May fail: then nobody can be told, and where it matters the status still tells.
  static_cast<void>(raw_system_call(SYS_writev, 2, &vectors[0], count));
}

/// Leaves the message in the plan's record for the driver, since text on standard error may be the
/// program's own. Only the first process that refuses leaves its message.
inline void note_refusal(std::initializer_list<const char*> pieces) {
  heddle_inject_record* const record = plan_record();
  if (record == nullptr ||
      std::atomic_ref(record->refusing).exchange(1, std::memory_order_relaxed) != 0) {
    return;
  }
  std::size_t size = 0;
  for (const char* piece : pieces) {
    // Keeps the last byte 0.
    for (; *piece != '\0' && size < sizeof record->refusal - 1; ++piece) {
      record->refusal[size++] = *piece;
    }
  }
  record->refusal[size] = '\0';
}

/// The driver's status for "the tool could not do its work".
constexpr int tool_failed = 125;

/// Prints the message, notes it in the record, and ends the process.
[[noreturn]] inline void fatal(std::initializer_list<const char*> pieces,
                               int status = tool_failed) {
  note_refusal(pieces);
  print_message(pieces);
  for (;;) {
    static_cast<void>(raw_system_call(SYS_exit_group, status));
  }
}

}  // namespace heddle::inject
