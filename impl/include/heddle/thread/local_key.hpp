// Thread locals: variables of which every thread has its own.
#pragma once

#include <type_traits>
#include <utility>

#include "heddle/cell.hpp"
#include "heddle/result.hpp"
#include "heddle/slot.hpp"

namespace heddle::thread {

/// Says that the calling thread is destroying its value of the thread local, or has destroyed it.
struct AccessError {
  static constexpr const char* message() noexcept { return "already destroyed"; }
};

namespace detail {
[[noreturn]] void panic_no_access();

template <class T>
inline constexpr bool is_cell = false;
template <class T>
inline constexpr bool is_cell<Cell<T>> = true;
template <class T>
inline constexpr bool is_ref_cell = false;
template <class T>
inline constexpr bool is_ref_cell<RefCell<T>> = true;
/// The type of value in a Cell or RefCell; for other types, any type will do.
template <class T>
struct Held {
  using Value = T;
};
template <class T>
requires(is_cell<T> || is_ref_cell<T>) struct Held<T> {
  using Value = typename T::Value;
};
}  // namespace detail

/// Names a thread local, and is the only way to its values. Made by HEDDLE_THREAD_LOCAL. Rust's
/// LocalKey.
///
/// The value is made when a thread first asks for it, and destroyed when the thread ends; the last
/// made dies first. Once its destructor has started, access is refused: try_with returns an error,
/// every other function panics. A panic out of the destructor aborts the process.
template <class T>
class LocalKey {
 public:
  /// Finds the calling thread's value; null when access is refused. If the value has to be made and
  /// `initial` is given, it is moved out of `initial`.
  using Find = T* (*)(Slot<T>* initial);

  explicit constexpr LocalKey(Find find) noexcept : find_(find) {}

  /// Calls `function` with the value and returns what that returns.
  template <class Function>
  std::invoke_result_t<Function, T&> with(Function&& function) const {
    return std::forward<Function>(function)(find_or_panic(nullptr));
  }

  template <class Function>
  heddle::Result<std::invoke_result_t<Function, T&>, AccessError> try_with(
      Function&& function) const {
    T* const value = find_(nullptr);
    if (value == nullptr) {
      return AccessError();
    }
    if constexpr (std::is_void_v<std::invoke_result_t<Function, T&>>) {
      std::forward<Function>(function)(*value);
      return std::monostate();
    } else {
      return std::forward<Function>(function)(*value);
    }
  }

  /// Makes the value from `initial`, rather than by the initialiser, if there is none yet. Calls
  /// `function` with what is left of `initial` (nothing if it was used) and with the value.
  template <class Function>
  std::invoke_result_t<Function, Slot<T>, T&> initialize_with(T initial,
                                                              Function&& function) const {
    Slot<T> given(std::move(initial));
    T& value = find_or_panic(&given);
    return std::forward<Function>(function)(std::move(given), value);
  }

  /// @name For Cell and RefCell
  /// Setting a value that has not been made yet does not run the initialiser.
  /// @{
  void set(typename detail::Held<T>::Value value) const
      requires(detail::is_cell<T> || detail::is_ref_cell<T>) {
    initialize_with(T(std::move(value)), [](Slot<T> left, T& cell) {
      if (left) {
        // The old value dies at the end of the statement, when the borrow has ended.
        cell.replace(std::move(*left).into_inner());
      }
    });
  }
  auto take() const requires(detail::is_cell<T> || detail::is_ref_cell<T>) {
    return with([](T& cell) { return cell.take(); });
  }
  auto replace(typename detail::Held<T>::Value value) const
      requires(detail::is_cell<T> || detail::is_ref_cell<T>) {
    return with([&](T& cell) { return cell.replace(std::move(value)); });
  }
  auto get() const requires detail::is_cell<T> {
    return with([](T& cell) { return cell.get(); });
  }
  template <class Function>
  decltype(auto) with_borrow(Function&& function) const requires detail::is_ref_cell<T> {
    return with([&](T& cell) -> decltype(auto) {
      const auto borrow = cell.borrow();
      return std::forward<Function>(function)(*borrow);
    });
  }
  template <class Function>
  decltype(auto) with_borrow_mut(Function&& function) const requires detail::is_ref_cell<T> {
    return with([&](T& cell) -> decltype(auto) {
      const auto borrow = cell.borrow_mut();
      return std::forward<Function>(function)(*borrow);
    });
  }
  /// @}

 private:
  T& find_or_panic(Slot<T>* initial) const {
    T* const value = find_(initial);
    if (value == nullptr) {
      detail::panic_no_access();
    }
    return *value;
  }

  Find find_;
};

}  // namespace heddle::thread
