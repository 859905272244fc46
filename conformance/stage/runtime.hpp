// The start of the runtime, and what the runtime watches from then on: stacks, their guards, signal
// stacks.
#pragma once

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace heddle::conformance {

/// Starts the runtime on the main thread, unless it owns main and has started already. Ends the
/// case without a verdict when something else, such as a sanitizer, has claimed the signals before:
/// see need_unclaimed_signals().
void start_runtime();
/// Starts the runtime like start_runtime(), even when the signals are claimed.
void start_runtime_beside();
/// Ends the case without a verdict when SIGSEGV or SIGBUS has a handler, or the thread a signal
/// stack: the runtime would leave them alone. Call it on the main thread, before the runtime
/// starts.
void need_unclaimed_signals();
void cleanup_runtime();

/// Addresses from `begin` up to, but without, `end`.
struct Range {
  std::uintptr_t begin;
  std::uintptr_t end;
};

/// Returns the calling thread's guard, as the runtime knows it, if it knows one.
std::optional<Range> known_guard();

/// A thread's stack, as libc knows it.
struct OwnStack {
  std::uintptr_t lowest;
  std::size_t size;
  std::size_t guard_size;
};
OwnStack own_stack();

std::size_t page_size();

/// Counts the process's mappings of memory.
std::uint64_t count_mappings();

/// Uses up the calling thread's stack, in frames that are far smaller than a page.
void overflow_stack();

/// Writes to an address, whatever is there.
void write_to(std::uintptr_t address);

/// Returns the calling thread's signal stack, as the kernel knows it, if it has one.
std::optional<stack_t> signal_stack();
void set_signal_stack(void* lowest, std::size_t size);

/// The action for a signal, as the kernel knows it.
struct KernelAction {
  void (*handler)(int);
  unsigned long flags;
};
KernelAction action_of(int signal);

}  // namespace heddle::conformance
