#include "heddle/sys/stack_guard.hpp"

#include <pthread.h>

#include "sys/page_size.hpp"

namespace heddle::sys::guard {
namespace {

struct Stack {
  std::uintptr_t lowest;
  std::size_t guard_size;
};

std::optional<Stack> own_stack() {
  pthread_attr_t attributes{};
  if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) {
    return std::nullopt;
  }
  void* lowest = nullptr;
  std::size_t size = 0;
  std::size_t guard_size = 0;
  // These three calls fail only for uninitialised attributes. If one fails nevertheless, the guard
  // counts as unknown; attributes that are not destroyed cost a few bytes.
  const bool known = ::pthread_attr_getstack(&attributes, &lowest, &size) == 0 &&
                     ::pthread_attr_getguardsize(&attributes, &guard_size) == 0;
  static_cast<void>(::pthread_attr_destroy(&attributes));
  return known ? std::optional(Stack{reinterpret_cast<std::uintptr_t>(lowest), guard_size})
               : std::nullopt;
}

}  // namespace

std::optional<Guard> init() {
  const auto stack = own_stack();
  if (!stack) {
    return std::nullopt;
  }
  // The limit need not be a multiple of the page size.
  const std::uintptr_t end = rounded_up_to_page(stack->lowest);
  return Guard{end - page_size(), end};
}

std::optional<Guard> current() {
  const auto stack = own_stack();
  if (!stack || stack->guard_size == 0) {
    return std::nullopt;
  }
  return Guard{stack->lowest - stack->guard_size, stack->lowest + stack->guard_size};
}

}  // namespace heddle::sys::guard
