#include "stage/stepping.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <filesystem>

#include "stage/memcheck.hpp"
#include "stage/next_instruction.hpp"
#include "stage/sanitizer.hpp"
#include "stage/stage_case.hpp"
#include "stage/system_call.hpp"
#include "stage/task_state.hpp"
#include "stage/threads.hpp"
#include "stage/trap_flag.hpp"
#include "stage/turns.hpp"

namespace heddle::conformance {

/// Round 0 is not stepped: it binds symbols, and makes what is made on first use. A word below is
/// set to round + 1 when the event has come; release and acquire make visible what went before.
struct Stepping::Walk {
  Walk(std::string_view call_name, Places which) : name(call_name), tried(which) {}

  const std::string name;
  const Places tried;
  const CodeOfTheRuntime runtime;
  std::atomic<std::uint32_t> begun = 0;     ///< the stepped thread is about to make its call
  std::atomic<std::uint32_t> held = 0;      ///< it has come to the place of the round
  std::atomic<std::uint32_t> returned = 0;  ///< its call has returned
  std::atomic<std::uint32_t> visited = 0;   ///< the operation is over
  std::atomic<bool> is_last = false;        ///< written before `visited`
  bool in_one_call = false;  ///< all rounds are of one call; the stepped thread's alone

  std::atomic<std::uint32_t> steps = 0;     ///< instructions, in all rounds
  std::atomic<std::uint32_t> taken = 0;     ///< instructions, in this round
  std::atomic<std::uint32_t> places = 0;    ///< how many of them were places
  std::atomic<std::uintptr_t> address = 0;  ///< where a held thread goes on
  std::atomic<std::int32_t> stepper = 0;    ///< its kernel number, written before `begun`
  std::atomic<const TaskState*> visitor = nullptr;
  Turns turns;  ///< the stepped thread's alone
};

namespace {

// So many instructions are stepped in a case; places beyond them are not tried. A trap takes a
// microsecond, and ten and more in a virtual machine.
constexpr std::uint32_t most_steps = 40'000;
constexpr std::uint32_t no_more_rounds = UINT32_MAX;

// A thread that is found asleep so often in a row waits for the other one. This decides where the
// operation is placed, and never a verdict.
constexpr int looks_at_a_sleeper = 50;

// So is a thread that neither sleeps, nor steps, nor gets done during so many looks: it may wait by
// spinning, as for a spin lock that the other one holds.
// A busy machine may keep it from its processor for long, so the first few get more looks.
constexpr int looks_at_a_spinner = 20'000;
constexpr int looks_at_later_spinners = 200;
constexpr int first_spinners = 3;

std::atomic<int> spinners = 0;  // in this case

using Event = std::atomic<std::uint32_t>;

bool has_come(const Event& event, std::uint32_t round) {
  return event.load(std::memory_order_acquire) > round;
}

void comes(Event& event, std::uint32_t round) {
  event.store(round + 1, std::memory_order_release);
  futex_wake_all(event);
}

void await(const Event& event, std::uint32_t round) {
  while (!has_come(event, round)) {
    futex_wait(event, round);
  }
}

void give_way() {
  static_cast<void>(system_call(SYS_sched_yield));  // cannot fail on Linux
}

// Returns when one of the events has come, or when the thread that would bring it waits itself.
// `steps` grows while the stepped thread makes its way.
void await_unless_waiting(const TaskState& thread, std::uint32_t round, const Event& event,
                          const Event& other, const std::atomic<std::uint32_t>& steps) {
  std::uint32_t seen_steps = steps.load(std::memory_order_relaxed);
  const int most_looks = spinners < first_spinners ? looks_at_a_spinner : looks_at_later_spinners;
  int spinning = 0;
  for (int asleep = 0; asleep < looks_at_a_sleeper; give_way()) {
    if (has_come(event, round) || has_come(other, round)) {
      return;
    }
    asleep = thread.is_asleep() ? asleep + 1 : 0;
    const std::uint32_t now = steps.load(std::memory_order_relaxed);
    spinning = now == seen_steps ? spinning + 1 : 0;
    seen_steps = now;
    if (spinning == most_looks) {
      ++spinners;
      return;
    }
  }
}

const TaskState& await_state(const std::atomic<const TaskState*>& state) {
  for (;; give_way()) {
    if (const TaskState* const found = state.load(std::memory_order_acquire)) {
      return *found;
    }
  }
}

// Returns whether the calling thread blocks SIGTRAP, which would then kill the process.
bool blocks_traps() {
  std::uint64_t mask = 0;
  // Fails only for a bad address or a wrong size.
  static_cast<void>(
      system_call(SYS_rt_sigprocmask, SIG_BLOCK, 0, reinterpret_cast<long>(&mask), sizeof(mask)));
  return (mask & (UINT64_C(1) << (SIGTRAP - 1))) != 0;
}

// Returns "libmine.so+0x1a2b", with the function's name if the object tells it.
std::string place_of(std::uintptr_t address) {
  Dl_info found{};
  if (::dladdr(reinterpret_cast<void*>(address), &found) == 0) {
    return fmt::format("{:#x}", address);
  }
  const std::string object = std::filesystem::path(found.dli_fname).filename();
  const std::uintptr_t offset = address - reinterpret_cast<std::uintptr_t>(found.dli_fbase);
  const std::string function = found.dli_sname == nullptr ? "" : found.dli_sname;
  return fmt::format("{}+{:#x}{}{}", object, offset, function.empty() ? "" : " in ", function);
}

}  // namespace

Stepping::Walk* Stepping::current = nullptr;

// Begins the next round of a call that is made once, unless the operation of this round is still
// waiting for what only the stepped thread can give.
bool Stepping::is_next_place() {
  Walk& walk = *current;
  const std::uint32_t round = walk.begun.load(std::memory_order_relaxed) - 1;
  await_unless_waiting(await_state(walk.visitor), round, walk.visited, walk.visited, walk.steps);
  if (!has_come(walk.visited, round)) {
    return false;
  }
  comes(walk.begun, round + 1);
  return true;
}

// Returns whether the operation is to come before the instruction at which the thread has stopped.
bool Stepping::is_place(ucontext_t& stopped) {
  Walk& walk = *current;
  const std::uint32_t taken = walk.taken.load(std::memory_order_relaxed) + 1;
  walk.taken.store(taken, std::memory_order_relaxed);
  const std::uint32_t steps = walk.steps.load(std::memory_order_relaxed) + 1;
  walk.steps.store(steps, std::memory_order_relaxed);
  if (steps >= most_steps) {
    clear_trap_flag(stopped);
    return false;
  }
  const std::uintptr_t next = next_instruction(stopped);
  if (!walk.runtime.contains(next) ||
      !touches_memory(reinterpret_cast<const unsigned char*>(next))) {
    return false;
  }
  const std::uint32_t places = walk.places.load(std::memory_order_relaxed) + 1;
  walk.places.store(places, std::memory_order_relaxed);
  if (walk.in_one_call) {
    return !walk.turns.are_over(next) && is_next_place();
  }
  const std::uint32_t round = walk.begun.load(std::memory_order_relaxed) - 1;
  if (places != walk.tried.first + (round - 1) * walk.tried.stride + 1) {
    return false;
  }
  clear_trap_flag(stopped);
  return true;
}

// Runs on the stepped thread between two instructions of the runtime, and maybe within malloc. So
// it keeps to system calls and lock-free words.
void Stepping::on_trap(int /*signal*/, siginfo_t* /*information*/, void* context) {
  ucontext_t& stopped = *static_cast<ucontext_t*>(context);
  Walk& walk = *current;
  if (is_place(stopped)) {
    const std::uint32_t round = walk.begun.load(std::memory_order_relaxed) - 1;
    walk.address.store(next_instruction(stopped), std::memory_order_relaxed);
    comes(walk.held, round);
    await_unless_waiting(await_state(walk.visitor), round, walk.visited, walk.visited, walk.steps);
  }
  if (is_about_to_change_mask(stopped)) {
    clear_trap_flag(stopped);
    // It is stepped no further.
    comes(walk.returned, walk.begun.load(std::memory_order_relaxed) - 1);
  }
}

Stepping::Stepping(std::string_view name, Places places) : walk_(new Walk(name, places)) {
  excuse_under_memcheck("does not trap single steps");
  excuse_under_thread_sanitizer("delays signals");
  if (!has_trap_flag) {
    excuse("this processor leaves single steps to debuggers");
  }
  current = walk_;
  struct sigaction action {};
  action.sa_sigaction = on_trap;
  // On the thread's signal stack if it has one: a goroutine's own stack has little room (Go
  // documentation, os/signal, "Go programs that use cgo or SWIG").
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  if (::sigaction(SIGTRAP, &action, nullptr) != 0) {
    internal_error("the machine refused a handler for SIGTRAP");
  }
}

void Stepping::begin(std::uint32_t round) const {
  walk_->taken.store(0, std::memory_order_relaxed);
  walk_->places.store(0, std::memory_order_relaxed);
  walk_->stepper.store(kernel_thread_id(), std::memory_order_relaxed);
  if (blocks_traps()) {
    excuse("the runtime blocks SIGTRAP on its threads, so they cannot be stepped");
  }
  comes(walk_->begun, round);
  if (round > 0) {
    set_trap_flag();
  }
}

void Stepping::step(const SteppedCall& call) const {
  note(fmt::format("steps through {}", walk_->name));
  for (std::uint32_t round = 0; !walk_->is_last && round < walk_->tried.rounds; ++round) {
    heddle_outcome raw{};
    begin(round);
    call(&raw);
    clear_trap_flag();
    comes(walk_->returned, round);
    expect(Outcome(walk_->name, raw, false), returned());
    await(walk_->visited, round);
  }
  comes(walk_->begun, no_more_rounds - 1);
}

bool Stepping::has_tried_all() const {
  return walk_->is_last;
}

Outcome Stepping::walk(const SteppedCall& call) const {
  note(fmt::format("steps through {}", walk_->name));
  walk_->in_one_call = true;
  begin(0);
  comes(walk_->held, 0);
  await(walk_->visited, 0);
  heddle_outcome raw{};
  set_trap_flag();
  call(&raw);
  clear_trap_flag();
  if (walk_->taken.load(std::memory_order_relaxed) == 0) {
    excuse("the machine does not trap single steps");
  }
  await(walk_->visited, walk_->begun.load(std::memory_order_relaxed) - 1);
  comes(walk_->begun, no_more_rounds - 1);
  return Outcome(walk_->name, raw, false);
}

bool Stepping::await_place(std::uint32_t round) const {
  if (walk_->visitor.load(std::memory_order_relaxed) == nullptr) {
    walk_->visitor.store(new TaskState(kernel_thread_id()), std::memory_order_release);
  }
  await(walk_->begun, round);
  const TaskState stepper(walk_->stepper.load(std::memory_order_relaxed));
  await_unless_waiting(stepper, round, walk_->held, walk_->returned, walk_->steps);
  if (has_come(walk_->held, round)) {
    note(fmt::format("comes after instruction {} of {}, before {}",
                     walk_->taken.load(std::memory_order_relaxed), walk_->name,
                     place_of(walk_->address.load(std::memory_order_relaxed))));
    return true;
  }
  walk_->is_last.store(round > 0, std::memory_order_relaxed);
  return false;
}

void Stepping::leave(std::uint32_t round) const {
  // First, since the next round counts anew.
  if (round > 0 && walk_->taken.load(std::memory_order_relaxed) == 0) {
    excuse("the machine does not trap single steps");
  }
  comes(walk_->visited, round);
}

void Stepping::visit(const std::function<void()>& operation) const {
  for (std::uint32_t round = 0;; ++round) {
    await(walk_->begun, round);
    if (walk_->begun.load(std::memory_order_relaxed) == no_more_rounds) {
      return;
    }
    static_cast<void>(await_place(round));
    operation();
    leave(round);
  }
}

}  // namespace heddle::conformance
