// fatal.h: the shim's way out when it cannot do what it was loaded for.
#ifndef HEDDLE_INJECT_SHIM_FATAL_H
#define HEDDLE_INJECT_SHIM_FATAL_H

#include <sys/syscall.h>
#include <sys/uio.h>

#include <cstring>
#include <initializer_list>

#include "raw_system_call.h"

namespace heddle::inject {

/// Prints "heddle-inject: " and the pieces as one line on standard error. At most 8 pieces.
inline void print_message(std::initializer_list<const char*> pieces) {
  iovec vectors[10];
  size_t count = 0;
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
  // A failed write leaves nobody to tell; where it matters, the status still does.
  (void)raw_system_call(SYS_writev, 2, &vectors[0], count);
}

/// The driver's own status for "the tool could not do its work".
constexpr int kToolFailed = 125;

/// Prints the message and ends the process.
[[noreturn]] inline void fatal(std::initializer_list<const char*> pieces,
                               int status = kToolFailed) {
  print_message(pieces);
  for (;;) {
    (void)raw_system_call(SYS_exit_group, status);
  }
}

}  // namespace heddle::inject

#endif
