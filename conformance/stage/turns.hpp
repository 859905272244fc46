// The turns of a loop within a stepped call.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace heddle::conformance {

/// Tells a loop from the rest of a call. Lock-free code takes another turn when somebody has come
/// in between, so an operation that came on every turn would keep it there for ever.
///
/// Allocates nothing, so that a signal handler may ask. One thread's.
class Turns {
 public:
  /// Says whether the instruction was come to `most` times since the last one that was new.
  bool are_over(std::uintptr_t instruction) {
    for (std::size_t probe = 0; probe < known_.size(); ++probe) {
      Known& known = known_[(instruction + probe) % known_.size()];
      if (known.instruction == 0) {
        ++newest_;
        known = {instruction, newest_, 1};
        return false;
      }
      if (known.instruction == instruction) {
        known.turns = known.newest == newest_ ? known.turns + 1 : 1;
        known.newest = newest_;
        return known.turns > most;
      }
    }
    return false;  // a call of more instructions than there is room for
  }

  static constexpr std::uint32_t most = 3;

 private:
  struct Known {
    std::uintptr_t instruction = 0;
    std::uint32_t newest = 0;  ///< how many instructions were new when `turns` was counted
    std::uint32_t turns = 0;
  };

  std::array<Known, 4096> known_{};
  std::uint32_t newest_ = 0;
};

}  // namespace heddle::conformance
