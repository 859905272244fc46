// Values that can be changed through shared access.
#pragma once

#include <utility>

#include "heddle/panic/panic.hpp"

namespace heddle {

/// A value that is set and taken as a whole. Rust's Cell. Not thread-safe.
template <class T>
class Cell {
 public:
  using Value = T;

  constexpr Cell() = default;
  constexpr explicit Cell(T value) : value_(std::move(value)) {}

  /// Sets the value, and drops the old one when the new one is in place.
  void set(T value) { const T dropped = replace(std::move(value)); }
  T get() const { return value_; }
  T replace(T value) { return std::exchange(value_, std::move(value)); }
  T take() { return replace(T()); }
  T into_inner() && { return std::move(value_); }
  /// Returns the value's address, valid until the cell is moved or dies.
  T* as_ptr() noexcept { return &value_; }

 private:
  T value_{};
};

/// A value that is borrowed: once to be changed, or any number of times to be read. Borrowing
/// against that rule panics. Rust's RefCell. Not thread-safe.
template <class T>
class RefCell {
 public:
  using Value = T;

  /// A borrow. It refers to the value, and ends when this object dies.
  template <class Lent, int step>
  class Borrow {
   public:
    Borrow(Lent& value, int& borrows) noexcept : value_(value), borrows_(borrows) {
      borrows_ += step;
    }
    Borrow(const Borrow&) = delete;
    Borrow& operator=(const Borrow&) = delete;
    ~Borrow() { borrows_ -= step; }
    Lent& operator*() const noexcept { return value_; }
    Lent* operator->() const noexcept { return &value_; }

   private:
    Lent& value_;
    int& borrows_;
  };
  using Ref = Borrow<const T, 1>;
  using RefMut = Borrow<T, -1>;

  constexpr RefCell() = default;
  constexpr explicit RefCell(T value) : value_(std::move(value)) {}
  /// Moves a cell, which must not be borrowed.
  constexpr RefCell(RefCell&& other) noexcept : value_(std::move(other.value_)) {}
  RefCell& operator=(RefCell&&) = delete;

  /// Borrows the value to be read. Panics while it is borrowed to be changed.
  Ref borrow() const {
    if (borrows_ < 0) {
      panic::panic("already mutably borrowed");
    }
    return Ref(value_, borrows_);
  }
  /// Borrows the value to be changed. Panics while it is borrowed at all.
  RefMut borrow_mut() {
    if (borrows_ != 0) {
      panic::panic("already borrowed");
    }
    return RefMut(value_, borrows_);
  }
  T replace(T value) { return std::exchange(*borrow_mut(), std::move(value)); }
  T take() { return replace(T()); }
  T into_inner() && { return std::move(value_); }

 private:
  T value_{};
  mutable int borrows_ = 0;  // -1: borrowed to be changed
};

}  // namespace heddle
