// A model of threads that send each other messages and park until their own arrive. Plain C++, so
// that properties and fuzz targets can drive it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace heddle::conformance {

/// Tells which receives of a program are fair: those for which a message was sent earlier in the
/// program's order. If each thread takes its own steps in that order, every fair receive ends.
template <std::size_t threads>
class MailboxModel {
 public:
  void send(std::size_t to) { ++waiting_[to]; }

  /// Takes a message of the thread. Returns whether there was one.
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
