// The runtime's start, and what it watches from then on: stacks, their guards, signal stacks.
#pragma once

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace heddle::conformance {

/// Starts the runtime, on the main thread, unless it owns main and has started already. Ends the
/// case as one that cannot judge when somebody else, a sanitizer for instance, came before it: see
/// need_unclaimed_signals().
void start_runtime();
/// The same, whatever is installed.
void start_runtime_beside();
/// Before the runtime starts, on the main thread: ends the case as one that cannot judge when
/// SIGSEGV or SIGBUS has a handler, or the thread a signal stack. The runtime would leave them
/// alone.
void need_unclaimed_signals();
void cleanup_runtime();

/// Addresses from `begin` up to, but without, `end`.
struct Range {
  std::uintptr_t begin;
  std::uintptr_t end;
};

/// What the runtime knows of the calling thread's guard, if it knows one.
std::optional<Range> known_guard();

/// What libc knows of the calling thread's stack.
struct OwnStack {
  std::uintptr_t lowest;
  std::size_t size;
  std::size_t guard_size;
};
OwnStack own_stack();

std::size_t page_size();

/// How many mappings of memory the process has.
std::uint64_t count_mappings();

/// Uses up the calling thread's stack, in frames that are far smaller than a page.
void overflow_stack();

/// Writes to an address, whatever is there.
void write_to(std::uintptr_t address);

/// The calling thread's signal stack, as the kernel knows it; none when it has none.
std::optional<stack_t> signal_stack();
void set_signal_stack(void* lowest, std::size_t size);

/// What happens on a signal, as the kernel knows it.
struct KernelAction {
  void (*handler)(int);
  unsigned long flags;
};
KernelAction action_of(int signal);

}  // namespace heddle::conformance
