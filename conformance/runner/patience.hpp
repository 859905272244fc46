// A time limit that runs only while this process runs.
//
// A suite that was stopped (Ctrl-Z, a debugger, a suspended machine) or got no processor has not
// given its cases that time. So a wait is cut into slices, and each slice counts for its own length
// at most, however long the clock says that it took.
#pragma once

#include <algorithm>
#include <chrono>

namespace heddle::conformance {

class Patience {
 public:
  explicit Patience(std::chrono::milliseconds limit) : left_(limit) {}

  bool over() const { return left_.count() <= 0; }

  /// How long the next wait may be: positive unless over().
  std::chrono::milliseconds slice() const { return std::clamp(left_, zero, longest_slice); }

  /// A wait as long as slice() has brought nothing.
  void spend() { left_ -= slice(); }

 private:
  static constexpr std::chrono::milliseconds zero{0};
  static constexpr std::chrono::milliseconds longest_slice{20};

  std::chrono::milliseconds left_;
};

}  // namespace heddle::conformance
