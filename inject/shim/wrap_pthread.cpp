// wrap_pthread.cpp: the pthread calls. They fail by returning an errno, and leave errno alone.
#include <pthread.h>

#include "decision.h"
#include "exported.h"
#include "next_definitions.h"

namespace heddle::inject {
namespace {

/// Only a constructor that ran before the shim's finds a pointer that is still null.
template <typename Function>
Function resolved(const std::atomic<Function>& pointer) {
  if (pointer.load(std::memory_order_relaxed) == nullptr) {
    resolve_next_definitions();
  }
  return pointer.load(std::memory_order_relaxed);
}

}  // namespace
}  // namespace heddle::inject

using heddle::inject::Decision;
using heddle::inject::next_definitions;
using heddle::inject::Verdict;

HEDDLE_INJECT_EXPORTED int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                          void* (*start)(void*), void* argument) noexcept {
  const Decision decision = heddle::inject::decide(HEDDLE_INJECT_PTHREAD_CREATE);
  if (decision.verdict == Verdict::kFail) {
    return decision.error;
  }
  return heddle::inject::resolved(next_definitions.pthread_create)(thread, attributes, start,
                                                                   argument);
}

HEDDLE_INJECT_EXPORTED int pthread_attr_setstacksize(pthread_attr_t* attributes,
                                                     size_t size) noexcept {
  const Decision decision = heddle::inject::decide(HEDDLE_INJECT_PTHREAD_ATTR_SETSTACKSIZE);
  if (decision.verdict == Verdict::kFail) {
    return decision.error;
  }
  return heddle::inject::resolved(next_definitions.pthread_attr_setstacksize)(attributes, size);
}
