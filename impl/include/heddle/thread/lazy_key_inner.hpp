// A value that is made at its first use.
#pragma once

#include <utility>

#include "heddle/place.hpp"
#include "heddle/slot.hpp"

namespace heddle::thread {

/// Holds a T or nothing. It never drops the T by itself, so the compiler sees a thread_local
/// without a destructor. Rust's LazyKeyInner.
template <class T>
class LazyKeyInner {
 public:
  constexpr LazyKeyInner() = default;

  /// Returns the value; null if there is none.
  T* get() noexcept { return full_ ? &place_.get() : nullptr; }

  /// Stores what `initialise` returns. If `initialise` has itself asked for the value, and so
  /// stored one, that value is replaced, and dropped when the new one is in place. If `initialise`
  /// panics, nothing changes.
  template <class Initialise>
  T& initialize(Initialise&& initialise) {
    T value = std::forward<Initialise>(initialise)();
    const Slot<T> replaced = take();
    full_ = true;
    return place_.fill([&]() -> T { return std::move(value); });
  }

  /// Drops the value in its place, if there is one. The value is out of reach while its destructor
  /// runs.
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
