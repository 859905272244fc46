// call.hpp: one call of the program, as both layers hand it to decide.
#pragma once

#include <heddle/inject_calls.h>

#include <cstdint>

#include "raw_system_call.hpp"

namespace heddle::inject {

struct Call {
  heddle_inject_call row;
  std::uint32_t number;  // the system call's, in the row SYSTEM_CALL; otherwise 0
  SystemCallArguments arguments;
  /// Where the caller goes on: behind its call instruction; in the raw layer, behind the
  /// interrupted system call.
  const void* return_address;
  /// The frame pointer from which to walk to the caller's callers: it points to a saved frame
  /// pointer with a return address above. A wrapper gives its own frame, which holds
  /// `return_address`; the raw layer gives the interrupted frame pointer, whose frame holds the
  /// next return address.
  const void* frame;
  bool raw;  // seen by the raw layer
};

}  // namespace heddle::inject
