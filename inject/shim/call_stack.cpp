#include "call_stack.h"

#include <bit>

#include "thread_state.h"
#include "unwinder.h"

namespace heddle::inject {
namespace {

/// What a frame pointer points to.
struct Frame {
  const Frame* caller;
  const void* return_address;
};

bool lies_within(const Frame* frame, uintptr_t low, uintptr_t high) {
  const auto address = std::bit_cast<uintptr_t>(frame);
  return address >= low && address + sizeof(Frame) <= high && address % alignof(Frame) == 0;
}

/// A frame's share in the hash of its stack. Frame hashes are well mixed, so that their sum is too,
/// and the turn makes it depend on the order; a chain of multiplications would cost more than all
/// the rest of the walk.
uint64_t share(uint64_t frame_hash, unsigned place) {
  return std::rotl(frame_hash, static_cast<int>(place));
}

}  // namespace

void CallStack::walk() {
  frames_[0] = call_.return_address;
  count_ = 1;
  hash_ = look_up(call_.return_address).hash;
  if (unwinds_stacks()) {
    unwind_callers();
  } else {
    walk_to_callers();
  }
  hash_ = hash_ == 0 ? 1 : hash_;
}

void CallStack::add(const void* return_address, uint64_t hash) {
  hash_ += share(hash, count_);
  frames_[count_++] = return_address;
}

void CallStack::walk_to_callers() {
  const StackBounds bounds = thread_state.stack;
  uintptr_t low = bounds.low;
  const auto* frame = static_cast<const Frame*>(call_.frame);
  // In locals, which no store to a frame can be thought to change.
  unsigned count = count_;
  uint64_t hash = hash_;
  // The wrapper's own frame holds the return address that is there already.
  bool is_wrapper = !call_.raw;
  while (count < HEDDLE_INJECT_MAXIMUM_FRAMES && lies_within(frame, low, bounds.high)) {
    if (!is_wrapper) {
      const CodeAddress code = look_up(frame->return_address);
      if (!code.may_be_callers) {
        break;
      }
      hash += share(code.hash, count);
      frames_[count++] = frame->return_address;
    }
    is_wrapper = false;
    // Callers lie above, so that no chain of frames is endless.
    low = std::bit_cast<uintptr_t>(frame) + sizeof(Frame);
    frame = frame->caller;
  }
  count_ = count;
  hash_ = hash;
}

void CallStack::unwind_callers() {
  const void* found[HEDDLE_INJECT_MAXIMUM_FRAMES];
  const unsigned found_count = unwind(call_.return_address, found);
  for (unsigned index = 1; index < found_count; ++index) {
    const CodeAddress code = look_up(found[index]);
    // The start routine of the shim's own; beyond it are libc's frames.
    if (code.module != nullptr && code.module == own_module()) {
      break;
    }
    add(found[index], code.hash);
  }
}

}  // namespace heddle::inject
