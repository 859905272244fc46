// fatal.h: the shim's way out when it cannot do what it was loaded for.
#ifndef HEDDLE_INJECT_SHIM_FATAL_H
#define HEDDLE_INJECT_SHIM_FATAL_H

#include <sys/syscall.h>
#include <sys/uio.h>

#include <cstring>
#include <initializer_list>

#include "raw_system_call.h"

namespace heddle::inject {

/// Prints "heddle-inject: " and the pieces as one line on standard error, and ends the process with
/// status 125, the driver's own for "the tool could not do its work". At most 8 pieces.
[[noreturn]] inline void fatal(std::initializer_list<const char*> pieces) {
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
  // A failed write leaves nobody to tell; the status still does.
  (void)raw_system_call(SYS_writev, 2, &vectors[0], count);
  for (;;) {
    (void)raw_system_call(SYS_exit_group, 125);
  }
}

}  // namespace heddle::inject

#endif
