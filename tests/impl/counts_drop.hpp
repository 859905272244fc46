// Counting deaths.
#pragma once

#include <utility>

namespace heddle::tests {

/// Counts its death in an int, once however often it was moved.
class CountsDrop {
 public:
  explicit CountsDrop(int& count) noexcept : count_(&count) {}
  CountsDrop(CountsDrop&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
  CountsDrop& operator=(CountsDrop&&) = delete;
  ~CountsDrop() {
    if (count_ != nullptr) {
      ++*count_;
    }
  }

 private:
  int* count_;
};

}  // namespace heddle::tests
