#include "thread_state.hpp"

#include "exported.hpp"

namespace heddle::inject {

constinit thread_local ThreadState thread_state{
    0, 0, no_system_call, no_system_call, unknown_path, {0, 0}, nullptr, 0, 0, 0, {}, {}};

}  // namespace heddle::inject

HEDDLE_INJECT_EXPORTED std::uint32_t* heddle_inject_pass_through_switch() __asm__(
    HEDDLE_INJECT_PASS_THROUGH_SYMBOL);

// inject_control.h has given the symbol's name to a type here as well.
std::uint32_t* heddle_inject_pass_through_switch() {
  return &heddle::inject::thread_state.pass_through;
}
