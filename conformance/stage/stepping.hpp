// Stepping: one thread makes a call of the runtime instruction by instruction, and another thread's
// whole operation is placed between them, at each place in turn.
//
// A gate stands before a call that the injector knows. Between two instructions of the runtime's
// own code there is no such call, and yet a wake-up can be lost there. The processor's trap flag
// stops a thread after each instruction, in any language and without its source (Intel's manual,
// volume 1, "EFLAGS Register"; the kernel makes a SIGTRAP of the trap).
#pragma once

#include <heddle/subject.h>

#include <signal.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "stage/outcome.hpp"

namespace heddle::conformance {

/// A call of one function of the subject's tables, without anything of the suite's around it.
using SteppedCall = std::function<void(heddle_outcome*)>;

/// Which places of a call are tried.
struct Places {
  std::uint32_t stride = 1;           ///< each `stride`-th
  std::uint32_t first = 0;            ///< from the one of this number on
  std::uint32_t rounds = UINT32_MAX;  ///< in so many rounds at most, round 0 among them
};

/// Rounds of two threads: in round N the operation of one comes at place N of the call that the
/// other makes. Then both go on: the stepped thread as soon as the operation is over, or waits for
/// what only the stepped thread can give. The last round is the one in which the call returns,
/// blocks, or changes the signal mask before it has come to that place.
///
/// A place is an instruction of the runtime that touches memory: an operation before it comes after
/// all that the runtime has done so far. What libc does within a call of it is one step.
///
/// An object of this type is a reference, and may be copied into any closure. A case has one.
class Stepping {
 public:
  /// `name` is the call's, for the log. Ends the case without a verdict where a thread cannot be
  /// stepped.
  explicit Stepping(std::string_view name, Places places = {});

  /// Makes `call` on this thread, once a round, and expects it to return each time.
  void step(const SteppedCall& call) const;

  /// Makes `call` on this thread just once, with the whole operation before it and again at each of
  /// its places, but not on every turn of a loop. Symbols that the call needs must be bound by now.
  Outcome walk(const SteppedCall& call) const;

  /// Returns, after step(), whether the call has no further place.
  bool has_tried_all() const;

  /// Does `operation` on this thread, once a round, until step() or walk() has made all of them.
  void visit(const std::function<void()>& operation) const;

  // The parts of a round, for what is no call of its own: the end of a thread.

  /// Begins the round on this thread, which is stepped from here on, to its end if need be.
  void begin(std::uint32_t round) const;
  /// On the visitor: returns when the stepped thread is held. Returns false if it does not get so
  /// far, which is expected of round 0 and says of any other that it is the last.
  bool await_place(std::uint32_t round) const;
  /// On the visitor: its operation is over, and the held thread goes on. Ends the case without a
  /// verdict if the machine has not trapped a step.
  void leave(std::uint32_t round) const;

 private:
  struct Walk;
  static Walk* current;
  static void on_trap(int signal, siginfo_t* information, void* context);
  static bool is_place(ucontext_t& stopped);
  static bool is_next_place();

  Walk* walk_;  // never freed: a thread may still look at it after the check has returned
};

}  // namespace heddle::conformance
