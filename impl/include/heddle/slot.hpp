// A value or nothing, whose destructor may panic.
#pragma once

#include <utility>

#include "heddle/place.hpp"

namespace heddle {

/// Rust's Option. What std::optional is, but for two things: a panic out of the value's destructor
/// passes through, and moving from a slot leaves it empty. As in Rust, moving a value cannot panic,
/// nor can destroying what is left of one that was moved from; either would end in std::terminate.
template <class T>
class Slot {
 public:
  Slot() = default;
  explicit Slot(T value) { emplace(std::move(value)); }
  Slot(Slot&& other) noexcept { adopt(other); }
  /// Drops what it held when the new value is in place.
  Slot& operator=(Slot&& other) noexcept(false) {
    const Slot dropped(std::move(*this));
    adopt(other);
    return *this;
  }
  ~Slot() noexcept(false) { reset(); }

  explicit operator bool() const noexcept { return full_; }
  /// The value; must be there.
  T& operator*() noexcept { return place_.get(); }
  const T& operator*() const noexcept { return place_.get(); }
  T* operator->() noexcept { return &place_.get(); }
  const T* operator->() const noexcept { return &place_.get(); }

  /// Fills the empty slot with what `make` returns.
  template <class Make>
  T& emplace_result_of(Make&& make) {
    T& value = place_.fill(std::forward<Make>(make));
    full_ = true;
    return value;
  }
  T& emplace(T value) {
    return emplace_result_of([&]() -> T { return std::move(value); });
  }
  /// Moves the value out; it must be there.
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
