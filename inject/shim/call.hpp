// call.hpp: one call of the program, as both layers hand it to decide.
#pragma once

#include <heddle/inject_calls.h>

#include <cstdint>

#include "raw_system_call.hpp"

namespace heddle::inject {

struct Call {
  heddle_inject_call row;
  std::uint32_t number;  // of a SYSTEM_CALL, otherwise 0
  SystemCallArguments arguments;
  /// Where the caller goes on: behind its call instruction; for the raw layer, the interrupted rip.
  const void* return_address;
  /// The frame pointer from which to walk on to the caller's callers: it points to a saved frame
  /// pointer with a return address above it. The frame of the wrapper itself holds
  /// `return_address`; that of the raw layer is the interrupted rbp and holds the next one.
  const void* frame;
  bool raw;  // seen by the raw layer
};

}  // namespace heddle::inject
