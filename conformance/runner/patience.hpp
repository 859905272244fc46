// A time limit that runs only while this process runs.
//
// While the suite is stopped (Ctrl-Z, a debugger, a suspended machine) or gets no processor, its
// cases do not get that time either. So a wait is cut into slices, and each slice counts for at
// most its own length, however long it took by the clock.
#pragma once

#include <algorithm>
#include <chrono>

namespace heddle::conformance {

class Patience {
 public:
  explicit Patience(std::chrono::milliseconds limit) : left_(limit) {}

  bool over() const { return left_.count() <= 0; }

  /// Returns how long the next wait may be: positive unless over().
  std::chrono::milliseconds slice() const { return std::clamp(left_, zero, longest_slice); }

  /// Spends a slice. Call it after a wait as long as slice() that brought nothing.
  void spend() { left_ -= slice(); }

 private:
  static constexpr std::chrono::milliseconds zero{0};
  static constexpr std::chrono::milliseconds longest_slice{20};

  std::chrono::milliseconds left_;
};

}  // namespace heddle::conformance
