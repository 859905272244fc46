// trap.hpp: a trapped system call, seen through the context that the kernel has saved.
#pragma once

#include <ucontext.h>

#include <cstdint>

#include "../signals.hpp"
#include "processor.hpp"

namespace heddle::inject {

/// A view of the context. The interrupted code finds what is written here when the handler returns,
/// and goes on behind its system call instruction unless told otherwise.
class Trap {
 public:
  explicit Trap(ucontext_t& context) : context_(context) {}

  [[nodiscard]] long number() const { return system_call_of(context_); }
  [[nodiscard]] SystemCallArguments arguments() const { return arguments_of(context_); }
  [[nodiscard]] std::uintptr_t return_address() const { return program_counter_of(context_); }
  [[nodiscard]] std::uintptr_t stack_pointer() const { return stack_pointer_of(context_); }
  [[nodiscard]] std::uintptr_t frame_pointer() const { return frame_pointer_of(context_); }

  /// The calling thread's signal mask. The handler runs with it, and the handler's return sets it.
  [[nodiscard]] SignalSet& mask() { return context_.uc_sigmask.__val[0]; }

  void set_result(long result) { inject::set_result(context_, result); }
  void continue_at(std::uintptr_t address) { set_program_counter(context_, address); }

 private:
  ucontext_t& context_;
};

}  // namespace heddle::inject
