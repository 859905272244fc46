// raw_system_call.hpp: system calls without libc.
//
// The shim enters the kernel in this way where libc's function may still be unresolved
// (constructors of other libraries, an allocator that dlsym calls). It does its own work so as
// well, because libc's open and write are cancellation points and may be wrapped.
// Async-signal-safe.
#pragma once

#include <cerrno>
#include <type_traits>

#include "processor.hpp"

namespace heddle::inject {

/// Makes the call and returns the kernel's answer: a value, or a negative errno. errno stays.
inline long raw_system_call(long number, const SystemCallArguments& arguments) {
  return enter_kernel(number, arguments);
}

/// Converts the arguments of any call, each a number or a pointer, to what the kernel would see.
template <typename... Arguments>
SystemCallArguments as_system_call_arguments(Arguments... arguments) {
  [[maybe_unused]] const auto word = [](auto argument) {
    if constexpr (std::is_integral_v<decltype(argument)>) {
      return static_cast<long>(argument);
    } else {
      return reinterpret_cast<long>(argument);
    }
  };
  return {word(arguments)...};
}

/// Makes a call with up to six arguments, each a number or a pointer.
template <typename... Arguments>
long raw_system_call(long number, Arguments... arguments) {
  return raw_system_call(number, as_system_call_arguments(arguments...));
}

/// Turns the kernel's answer into libc's: -1 and errno for an error. errno stays otherwise.
inline long as_libc_result(long result) {
  // The kernel returns an errno as -1 ... -4095; every other value is a result.
  constexpr long largest_errno = 4095;
  if (result >= 0 || result < -largest_errno) {
    return result;
  }
  errno = static_cast<int>(-result);
  return -1;
}

}  // namespace heddle::inject
