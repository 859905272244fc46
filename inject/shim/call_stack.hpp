// call_stack.hpp: the call stack of a call, in a form that is the same in every run.
//
// The stack is walked by frame pointers, which costs a few loads a frame. Code without frame
// pointers leaves gaps. So a frame counts only if its return address lies in code of a module,
// right behind a call instruction; the walk ends at the first frame that does not. The bounds of
// the stack are known for threads that the shim has seen starting. On other memory (an alternate
// signal stack, a coroutine's) only the caller itself is known. A plan may ask for libunwind
// instead, which needs none of this.
#pragma once

#include <heddle/inject_record.h>

#include <cstdint>
#include <span>

#include "call.hpp"
#include "code_address.hpp"

namespace heddle::inject {

/// The stack of one call that is being decided, walked on the first question. Async-signal-safe.
class CallStack {
 public:
  explicit CallStack(const Call& call) : call_(call) {}

  /// The hash of the frames' (module identity, offset); never 0.
  std::uint64_t hash() {
    if (hash_ == 0) {
      walk();
    }
    return hash_;
  }

  /// The return addresses, the caller's first; at least one.
  std::span<const void* const> frames() {
    static_cast<void>(hash());
    return {&frames_[0], count_};
  }

  /// The module that makes the call; null when the caller lies in no module.
  const Module* calling_module() const { return look_up(call_.return_address).module; }

 private:
  void walk();
  void walk_to_callers();
  void unwind_callers();

  const Call& call_;
  std::uint64_t hash_ = 0;
  unsigned count_ = 0;
  const void* frames_[HEDDLE_INJECT_MAXIMUM_FRAMES];  // filled by walk
};

}  // namespace heddle::inject
