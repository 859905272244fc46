// call_stack.hpp: who made a call, in a form that is the same in every run.
//
// Found by frame pointers, which costs a few loads a frame. Code without frame pointers leaves
// gaps: a frame counts only if it lies in code of a module, right behind a call instruction, and
// the walk ends at the first that does not. Where the stack lies is known for threads that the shim
// has seen starting; on any other memory (an alternate signal stack, a coroutine's) only the caller
// itself is known. A plan may ask for libunwind instead, which needs none of this.
#pragma once

#include <heddle/inject_record.h>

#include <cstdint>
#include <span>

#include "call.hpp"
#include "code_address.hpp"

namespace heddle::inject {

/// Of one call that is being decided. Walked on the first question. Async-signal-safe.
class CallStack {
 public:
  explicit CallStack(const Call& call) : call_(call) {}

  /// Over the frames' (module identity, offset); never 0.
  std::uint64_t hash() {
    if (hash_ == 0) {
      walk();
    }
    return hash_;
  }

  /// Return addresses, the caller's first; at least one.
  std::span<const void* const> frames() {
    static_cast<void>(hash());
    return {&frames_[0], count_};
  }

  /// Null when the caller lies in no module.
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
