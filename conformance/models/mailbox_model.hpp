// Threads that send each other messages and park until theirs arrive. Plain C++: the property and
// any fuzz target drive it alike.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace heddle::conformance {

/// Tells which receives of a program are fair: where a message was sent before, in the program's
/// order. If each thread takes its own steps in that order, every fair receive ends.
template <std::size_t threads>
class MailboxModel {
 public:
  void send(std::size_t to) { ++waiting_[to]; }

  /// Whether a message is due at the thread; then it is taken.
  bool receive(std::size_t at) {
    if (waiting_[at] == 0) {
      return false;
    }
    --waiting_[at];
    return true;
  }

 private:
  std::array<std::uint64_t, threads> waiting_{};
};

}  // namespace heddle::conformance
