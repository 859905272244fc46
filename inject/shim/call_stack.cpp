#include "call_stack.hpp"

#include <bit>

#include "processor.hpp"
#include "thread_state.hpp"
#include "unwinder.hpp"
#include "valgrind.hpp"

namespace heddle::inject {
namespace {

/// What a frame pointer points to, on all processors so far.
struct Frame {
  const Frame* caller;
  const void* return_address;
};

/// Reads a frame, on the stack. In code without frame pointers it may be anything, and may never
/// have been written: memcheck would report each decision about it.
Frame read(const Frame* frame) {
  const Frame copy = *frame;
  if (under_valgrind) [[unlikely]] {
    declare_written(&copy, sizeof copy);
  }
  return copy;
}

/// Admits frames that lie on the stack, each above the one before. A caller's frame does, and so no
/// chain of frames is endless. Admits no frame if the stack's bounds are unknown.
class RisingFrames {
 public:
  explicit RisingFrames(const StackBounds& stack)
      : last_(stack.high - sizeof(Frame)), places_(stack.high == 0 ? 0 : place_of(stack.low)) {}

  bool admits(const Frame* frame) {
    const std::uintptr_t place = place_of(std::bit_cast<std::uintptr_t>(frame));
    const bool admitted = place < places_;
    // The next frame must not overlap this one's two words.
    places_ = place - (place != 0 ? 1 : 0);
    return admitted;
  }

 private:
  /// Returns how many words an address lies below the last place for a frame: a huge number if it
  /// lies above that place, or is not aligned to words.
  std::uintptr_t place_of(std::uintptr_t address) const { return std::rotr(last_ - address, 3); }

  std::uintptr_t last_;
  std::uintptr_t places_;
};

/// Returns a frame's share in the hash of its stack. Frame hashes are well mixed, hence so is their
/// sum; the rotation makes the sum depend on the order. A chain of multiplications would cost more
/// than the rest of the walk.
std::uint64_t share(std::uint64_t frame_hash, unsigned place) {
  return std::rotl(frame_hash, static_cast<int>(place));
}

}  // namespace

void CallStack::walk() {
  frames_[0] = call_.return_address;
  count_ = 1;
  hash_ = look_up(call_.return_address).hash;
  if (!unwinds_stacks()) {
    walk_to_callers();
  } else if (has_room_to_unwind(call_.frame)) {
    unwind_callers();
  }
  hash_ = hash_ == 0 ? 1 : hash_;
}

void CallStack::walk_to_callers() {
  // Locals, because the compiler must assume that a store to frames_ may change members.
  unsigned count = count_;
  std::uint64_t hash = hash_;
  RisingFrames rising(thread_state.stack);
  const auto* frame = static_cast<const Frame*>(call_.frame);
  // The wrapper's own frame holds the return address that frames_ already begins with.
  if (!call_.raw) {
    if (!rising.admits(frame)) {
      return;
    }
    frame = read(frame).caller;
  }
  while (rising.admits(frame)) {
    const Frame known = read(frame);
    const void* const return_address = without_signature(known.return_address);
    const std::uint64_t frame_hash = hash_of_caller(return_address);
    if (frame_hash == 0) {
      break;
    }
    hash += share(frame_hash, count);
    frames_[count] = return_address;
    if (++count == HEDDLE_INJECT_MAXIMUM_FRAMES) {
      break;
    }
    frame = known.caller;
  }
  count_ = count;
  hash_ = hash;
}

void CallStack::unwind_callers() {
  const void* found[HEDDLE_INJECT_MAXIMUM_FRAMES];
  const unsigned found_count = unwind(call_.return_address, found);
  const Module* const own = own_module();
  // Locals, as above.
  unsigned count = count_;
  std::uint64_t hash = hash_;
  for (; count < found_count; ++count) {
    const CodeAddress code = look_up(found[count]);
    // The shim's start routine; beyond it are libc's frames.
    if (code.module != nullptr && code.module == own) {
      break;
    }
    hash += share(code.hash, count);
    frames_[count] = found[count];
  }
  count_ = count;
  hash_ = hash;
}

}  // namespace heddle::inject
