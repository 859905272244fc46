#include "stage/runtime.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string>

#include "program/signal_name.hpp"
#include "stage/outcome.hpp"
#include "stage/sanitizer.hpp"
#include "stage/stage_case.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

Outcome call(std::string_view name, heddle_call function) {
  note(fmt::format("calls {}", name));
  heddle_outcome raw{};
  function(&raw);
  return Outcome(name, raw, false);
}

bool owns_main() {
  return (subject().flags & HEDDLE_OWNS_MAIN) != 0;
}

volatile bool goes_deeper = true;  // hides the endless recursion from the compiler

[[gnu::noinline]] char descend() {
  std::array<volatile char, 256> frame;
  frame[0] = 1;
  const char deeper = goes_deeper ? descend() : '\0';
  return static_cast<char>(deeper + frame[0]);
}

}  // namespace

void start_runtime() {
  if (!owns_main()) {
    need_unclaimed_signals();
    start_runtime_beside();
  } else if (!sanitizer().empty()) {
    // Handlers and signal stacks may be the sanitizer's or the runtime's; they cannot be told apart
    // now.
    excuse(fmt::format("{} started before the runtime, which may have left the signals to it",
                       sanitizer()));
  }
}

void start_runtime_beside() {
  if (!owns_main()) {
    expect(call("start", subject().process->start), returned());
  }
}

void need_unclaimed_signals() {
  for (const int signal : {SIGSEGV, SIGBUS}) {
    if (action_of(signal).handler != SIG_DFL) {
      excuse(fmt::format("something else handles {} already, so the runtime may leave it alone",
                         inject::signal_name(signal).value()));
    }
  }
  if (signal_stack()) {
    excuse("the thread has a signal stack already, so the runtime may leave it alone");
  }
}

void cleanup_runtime() {
  expect(call("cleanup", subject().process->cleanup), returned());
}

std::optional<Range> known_guard() {
  const Outcome range = call("range", subject().guard->range);
  if (range.tag() == HEDDLE_FAILED) {
    return std::nullopt;
  }
  expect(range, returned());
  return Range{range.number(), reinterpret_cast<std::uintptr_t>(range.handle())};
}

OwnStack own_stack() {
  pthread_attr_t attributes{};
  if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) {
    internal_error("glibc does not know the thread's own stack");
  }
  void* lowest = nullptr;
  OwnStack stack{};
  // These three calls fail only for uninitialised attributes.
  static_cast<void>(::pthread_attr_getstack(&attributes, &lowest, &stack.size));
  static_cast<void>(::pthread_attr_getguardsize(&attributes, &stack.guard_size));
  static_cast<void>(::pthread_attr_destroy(&attributes));
  stack.lowest = reinterpret_cast<std::uintptr_t>(lowest);
  return stack;
}

std::size_t page_size() {
  return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t count_mappings() {
  std::ifstream maps("/proc/self/maps");
  std::uint64_t count = 0;
  for (std::string line; std::getline(maps, line);) {
    ++count;
  }
  return count;
}

void overflow_stack() {
  descend();
}

void write_to(std::uintptr_t address) {
  *reinterpret_cast<volatile char*>(address) = 1;  // NOLINT(performance-no-int-to-ptr)
}

std::optional<stack_t> signal_stack() {
  stack_t stack{};
  // Fails only for a bad address.
  static_cast<void>(system_call(SYS_sigaltstack, 0, reinterpret_cast<long>(&stack)));
  return (stack.ss_flags & SS_DISABLE) == 0 ? std::optional(stack) : std::nullopt;
}

void set_signal_stack(void* lowest, std::size_t size) {
  const stack_t stack{.ss_sp = lowest, .ss_flags = 0, .ss_size = size};
  if (system_call(SYS_sigaltstack, reinterpret_cast<long>(&stack)) != 0) {
    internal_error("the kernel takes no signal stack");
  }
}

KernelAction action_of(int signal) {
  struct {
    KernelAction action;
    void (*restorer)();
    std::uint64_t mask;
  } kernel{};
  // Fails only for a bad address or an unknown signal.
  static_cast<void>(system_call(SYS_rt_sigaction, signal, 0, reinterpret_cast<long>(&kernel),
                                sizeof(kernel.mask)));
  return kernel.action;
}

}  // namespace heddle::conformance
