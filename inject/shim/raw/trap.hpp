// trap.hpp: a trapped system call, seen through the context that the kernel has saved.
#pragma once

#include <ucontext.h>

#include <cstdint>

#include "../raw_system_call.hpp"
#include "../signals.hpp"

namespace heddle::inject {

/// A view of the context. The interrupted code finds what is written here when the handler returns,
/// and goes on behind its system call instruction unless told otherwise.
class Trap {
 public:
  explicit Trap(ucontext_t& context) : context_(context) {}

  [[nodiscard]] long number() const {
    // The kernel looks only at the lower half.
    return static_cast<int>(context_.uc_mcontext.gregs[REG_RAX]);
  }
  [[nodiscard]] SystemCallArguments arguments() const {
    const auto& registers = context_.uc_mcontext.gregs;
    return {static_cast<long>(registers[REG_RDI]), static_cast<long>(registers[REG_RSI]),
            static_cast<long>(registers[REG_RDX]), static_cast<long>(registers[REG_R10]),
            static_cast<long>(registers[REG_R8]),  static_cast<long>(registers[REG_R9])};
  }
  [[nodiscard]] std::uintptr_t return_address() const { return word(REG_RIP); }
  [[nodiscard]] std::uintptr_t stack_pointer() const { return word(REG_RSP); }
  [[nodiscard]] std::uintptr_t frame_pointer() const { return word(REG_RBP); }

  /// The calling thread's signal mask. The handler runs with it, and the handler's return sets it.
  [[nodiscard]] SignalSet& mask() { return context_.uc_sigmask.__val[0]; }

  void set_result(long result) { context_.uc_mcontext.gregs[REG_RAX] = result; }
  void continue_at(std::uintptr_t address) {
    context_.uc_mcontext.gregs[REG_RIP] = static_cast<greg_t>(address);
  }

 private:
  [[nodiscard]] std::uintptr_t word(int number) const {
    return static_cast<std::uintptr_t>(context_.uc_mcontext.gregs[number]);
  }

  ucontext_t& context_;
};

}  // namespace heddle::inject
