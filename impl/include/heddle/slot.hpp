// A value or nothing, whose destructor may panic.
#pragma once

#include <utility>

#include "heddle/place.hpp"

namespace heddle {

/// Rust's Option. Unlike std::optional, it lets a panic out of the value's destructor pass through,
/// and moving from a slot leaves it empty. Moving a value, and destroying a moved-from value, must
/// not panic: either would end in std::terminate.
template <class T>
class Slot {
 public:
  Slot() = default;
  explicit Slot(T value) { emplace(std::move(value)); }
  Slot(Slot&& other) noexcept { adopt(other); }
  /// Moves a value in, and drops the old one when the new one is in place.
  Slot& operator=(Slot&& other) noexcept(false) {
    const Slot dropped(std::move(*this));
    adopt(other);
    return *this;
  }
  ~Slot() noexcept(false) { reset(); }

  explicit operator bool() const noexcept { return full_; }
  /// Returns the value. The slot must be full.
  T& operator*() noexcept { return place_.get(); }
  const T& operator*() const noexcept { return place_.get(); }
  T* operator->() noexcept { return &place_.get(); }
  const T* operator->() const noexcept { return &place_.get(); }

  /// Fills the slot with what `make` returns. The slot must be empty.
  template <class Make>
  T& emplace_result_of(Make&& make) {
    T& value = place_.fill(std::forward<Make>(make));
    full_ = true;
    return value;
  }
  T& emplace(T value) {
    return emplace_result_of([&]() -> T { return std::move(value); });
  }
  /// Moves the value out. The slot must be full.
  [[nodiscard]] T take() {
    const Reset at_the_end{*this};
    return std::move(place_.get());
  }
  /// Drops the value, if there is one. The slot is empty already while the destructor runs.
  void reset() noexcept(false) {
    if (std::exchange(full_, false)) {
      place_.destroy();
    }
  }

 private:
  struct Reset {
    Slot& slot;
    ~Reset() { slot.reset(); }
  };

  void adopt(Slot& other) {
    if (other.full_) {
      emplace(other.take());
    }
  }

  Place<T> place_;
  bool full_ = false;
};

}  // namespace heddle
