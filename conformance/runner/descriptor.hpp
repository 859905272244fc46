// A file descriptor with an owner.
#pragma once

#include <unistd.h>

#include <utility>

namespace heddle::conformance {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) {
      // For sockets and memory files close() has nothing to report, and it frees the number in any
      // case.
      static_cast<void>(::close(number_));
    }
  }

  int get() const { return number_; }

 private:
  int number_;
};

}  // namespace heddle::conformance
