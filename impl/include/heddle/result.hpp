// A value or an error, whose destructors may panic.
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "heddle/slot.hpp"

namespace heddle {

namespace detail {
[[noreturn]] void panic_no_value();
[[noreturn]] void panic_no_error();
/// The type that stores a T: there are no objects of type void.
template <class T>
using Stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
}  // namespace detail

/// Rust's Result: either a value of type T, which may be void, or an error of type E. Asking for
/// the missing one panics. Move-only; a moved-from Result holds neither.
template <class T, class E>
class [[nodiscard]] Result {
 public:
  using Value = detail::Stored<T>;

  Result(Value value) { value_.emplace(std::move(value)); }
  Result(E error) { error_.emplace(std::move(error)); }

  bool has_value() const noexcept { return static_cast<bool>(value_); }
  bool has_error() const noexcept { return static_cast<bool>(error_); }
  explicit operator bool() const noexcept { return has_value(); }

  Value& value() & {
    check_value();
    return *value_;
  }
  /// Moves the value out. Panics if the Result holds an error.
  T value() && {
    check_value();
    if constexpr (std::is_void_v<T>) {
      value_.reset();
    } else {
      return value_.take();
    }
  }
  E& error() & {
    check_error();
    return *error_;
  }
  /// Moves the error out. Panics if the Result holds a value.
  E error() && {
    check_error();
    return error_.take();
  }

 private:
  void check_value() const {
    if (!has_value()) {
      detail::panic_no_value();
    }
  }
  void check_error() const {
    if (!has_error()) {
      detail::panic_no_error();
    }
  }

  Slot<Value> value_;
  Slot<E> error_;
};

}  // namespace heddle
