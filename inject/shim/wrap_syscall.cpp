// wrap_syscall.cpp: libc's syscall(), through which Rust's std, libstdc++'s atomic::wait and others
// reach the futex. Every call through it fails with -1 and errno.
#include <unistd.h>

#include <cstdarg>

#include "exported.hpp"
#include "next_definitions.hpp"
#include "system_call_filter.hpp"
#include "wrapped_call.hpp"

namespace heddle::inject {
namespace {

/// The next syscall(), or before start-up the kernel itself, since an allocator may call it then. A
/// type of its own, because or_kernel needs the number at compile time.
struct NextSystemCall {
  long number;

  template <typename... Arguments>
  [[gnu::always_inline]] long operator()(Arguments... arguments) const {
    const auto next = next_definitions.syscall.function.load(std::memory_order_relaxed);
    if (next != nullptr) [[likely]] {
      return next(number, arguments...);
    }
    note_early_call();
    return as_libc_result(raw_system_call(number, arguments...));
  }
};

}  // namespace
}  // namespace heddle::inject

// The number of arguments is unknown. Reading six is harmless: they come from registers, or like
// the sixth on x86-64 from a place on the stack that is always mapped.
HEDDLE_INJECT_EXPORTED long syscall(long number, ...) noexcept {
  using namespace heddle::inject;
  va_list list;
  va_start(list, number);
  SystemCallArguments arguments{};
  for (long& argument : arguments) {
    argument = va_arg(list, long);
  }
  va_end(list);
  const auto [first, second, third, fourth, fifth, sixth] = arguments;
  note_system_call(number, first);
  const NextSystemCall next{number};
  const std::uint32_t generation = armed_generation();
  if (generation == 0) [[likely]] {
    return next(first, second, third, fourth, fifth, sixth);
  }
  return wrap_armed<HEDDLE_INJECT_MINUS_ONE>(generation, classify(number, arguments), number, next,
                                             first, second, third, fourth, fifth, sixth);
}
