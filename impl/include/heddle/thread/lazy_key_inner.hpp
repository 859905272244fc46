// A value that is made when it is first asked for.
#pragma once

#include <utility>

#include "heddle/place.hpp"
#include "heddle/slot.hpp"

namespace heddle::thread {

/// Holds a T or nothing. Never drops it by itself, so that a thread_local of it is one for the
/// compiler without a destructor. Rust's LazyKeyInner.
template <class T>
class LazyKeyInner {
 public:
  constexpr LazyKeyInner() = default;

  /// The value; null if there is none.
  T* get() noexcept { return full_ ? &place_.get() : nullptr; }

  /// Stores what `initialise` returns. That may itself have asked for the value and have stored
  /// one: it is replaced, and dropped when the new one is in place. If `initialise` panics, nothing
  /// has changed.
  template <class Initialise>
  T& initialize(Initialise&& initialise) {
    T value = std::forward<Initialise>(initialise)();
    const Slot<T> replaced = take();
    full_ = true;
    return place_.fill([&]() -> T { return std::move(value); });
  }

  /// Drops the value in its place, if there is one. It is out of reach while its destructor runs.
  void drop() noexcept(false) {
    if (std::exchange(full_, false)) {
      place_.destroy();
    }
  }

 private:
  Slot<T> take() {
    Slot<T> taken;
    if (std::exchange(full_, false)) {
      taken.emplace(std::move(place_.get()));
      place_.destroy();
    }
    return taken;
  }

  Place<T> place_;
  bool full_ = false;
};

}  // namespace heddle::thread
