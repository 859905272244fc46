#include "sys/thread_stacks.hpp"

#include <dlfcn.h>
#include <limits.h>

#include <algorithm>
#include <cerrno>

#include "heddle/sys/annotations.hpp"
#include "sys/page_size.hpp"
#include "sys/stack_overflow.hpp"

namespace heddle::sys {
namespace {

// Returns the smallest stack on which a thread can start. The fixed minimum ignores how much
// thread-local storage this process has; glibc's private function counts it.
std::size_t minimum_stack_size(const pthread_attr_t& attributes) {
  using GetMinimum = std::size_t (*)(const pthread_attr_t*);
  static const auto get_minimum =
      reinterpret_cast<GetMinimum>(::dlsym(RTLD_DEFAULT, "__pthread_get_minstack"));
  annotations::shares(get_minimum);
  return get_minimum != nullptr ? get_minimum(&attributes)
                                : static_cast<std::size_t>(PTHREAD_STACK_MIN);
}

// Sets the stack's size. EINVAL may mean that the system wants whole pages, so the size is rounded
// up and tried once more. Returns a second EINVAL, and any other errno.
int set_stack_size(pthread_attr_t& attributes, std::size_t requested) {
  const std::size_t size = std::max(requested, minimum_stack_size(attributes));
  const int error = ::pthread_attr_setstacksize(&attributes, size);
  if (error != EINVAL) {
    return error;
  }
  return ::pthread_attr_setstacksize(&attributes, rounded_up_to_page(size));
}

}  // namespace

ThreadStacks::ThreadStacks(std::size_t size) {
  if (const int error = ::pthread_attr_init(&attributes_); error != 0) {
    error_.emplace("pthread_attr_init", error);
    return;
  }
  has_attributes_ = true;
  if (const int error = set_stack_size(attributes_, size); error != 0) {
    error_.emplace("pthread_attr_setstacksize", error);
    return;
  }
  auto signal_stack = stack_overflow::make_signal_stack();
  if (signal_stack) {
    signal_stack_ = std::move(signal_stack).value();
  } else {
    error_.emplace(std::move(signal_stack).error());
  }
}

ThreadStacks::~ThreadStacks() {
  if (has_attributes_) {
    // An error cannot matter: the thread has been started or refused by now.
    static_cast<void>(::pthread_attr_destroy(&attributes_));
  }
}

}  // namespace heddle::sys
