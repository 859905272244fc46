// What the runtime tells Valgrind's Helgrind about its atomics. Empty in ordinary builds.
//
// Helgrind knows the threads and locks of POSIX. It sees an atomic as plain reads and writes, so it
// misses the order that the atomic makes. A build with HEDDLE_HELGRIND tells it that order, and
// suppresses nothing: a thread that forgets to wait is still reported. Such a build includes this
// header in front of everything else, since libstdc++ asks for the two macros below.
//
// Where they stand, and why each is right:
//
//   Parker            unpark's swap is a release, and each of the three steps that may consume the
//                     token is an acquire. An acquire is named where that step found the token.
//   ScopeData         each count-down is a release, and the load that sees zero is an acquire. The
//                     flag for panics is relaxed: the count-down after it publishes it.
//   Packet            std::shared_ptr's count-downs order its end: see the macros.
//   min_stack, output_capture_used
//                     relaxed: each publishes nothing but itself.
//   backtrace, minimum_stack_size
//                     the compiler orders the making of a static before each use of it.
#pragma once

#ifdef HEDDLE_HELGRIND
#include <valgrind/helgrind.h>
#endif

namespace heddle::sys::annotations {

/// Says that all that this thread did so far comes before what a thread does after `acquires` of
/// the same atomic. Stands right before a step that is a release. Thread-safe, as all here.
inline void releases([[maybe_unused]] const void* atomic) {
#ifdef HEDDLE_HELGRIND
  ANNOTATE_HAPPENS_BEFORE(atomic);
#endif
}

/// Stands right after a step that is an acquire and has read what a release wrote.
inline void acquires([[maybe_unused]] const void* atomic) {
#ifdef HEDDLE_HELGRIND
  ANNOTATE_HAPPENS_AFTER(atomic);
#endif
}

/// Says that threads may use the variable at once: an atomic, or a static that the compiler guards.
/// Stands before a plain store, or before the read of such a static. Makes no order. Other steps
/// need no word: Helgrind takes a step that reads and writes for a read, and reads never collide.
template <class Variable>
void shares([[maybe_unused]] const Variable& variable) {
#ifdef HEDDLE_HELGRIND
  VALGRIND_HG_DISABLE_CHECKING(&variable, sizeof(variable));
#endif
}

}  // namespace heddle::sys::annotations

#ifdef HEDDLE_HELGRIND
// std::shared_ptr calls these with one of its counts: the first before an owner counts down, the
// second once the last owner knows that it is alone. Each count-down is a release and an acquire,
// so the last one pairs with all others: what any owner did comes before the object's end. The last
// owner may store to the count plainly, where others have counted down. Afterwards nothing is known
// of the count, since its memory becomes another object's.
#define _GLIBCXX_SYNCHRONIZATION_HAPPENS_BEFORE(count) \
  (heddle::sys::annotations::shares(*(count)), heddle::sys::annotations::releases(count))
#define _GLIBCXX_SYNCHRONIZATION_HAPPENS_AFTER(count) \
  do {                                                \
    heddle::sys::annotations::acquires(count);        \
    ANNOTATE_HAPPENS_BEFORE_FORGET_ALL(count);        \
  } while (false)
#endif
