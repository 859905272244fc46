// An owning pointer whose destructor may panic.
#pragma once

#include <utility>

namespace heddle {

/// Owns one object on the heap, or nothing. Unlike std::unique_ptr, it lets a panic out of the
/// object's destructor pass through, instead of ending in std::terminate. The memory is freed in
/// either case. Not thread-safe.
template <class T>
class Box {
 public:
  Box() = default;
  /// Takes over an object made by `new`, or null.
  explicit Box(T* object) noexcept : object_(object) {}
  /// Takes over the object of a box of a derived type. T's destructor must be virtual.
  template <class U>
  Box(Box<U>&& other) noexcept : object_(other.release()) {}
  Box(Box&& other) noexcept : object_(other.release()) {}
  Box& operator=(Box&& other) noexcept(false) {
    const Box dropped(std::exchange(object_, other.release()));
    return *this;
  }
  ~Box() noexcept(false) { delete object_; }

  explicit operator bool() const noexcept { return object_ != nullptr; }
  T& operator*() const noexcept { return *object_; }
  T* operator->() const noexcept { return object_; }
  T* get() const noexcept { return object_; }
  /// Gives the object up to the caller; the box is empty afterwards.
  [[nodiscard]] T* release() noexcept { return std::exchange(object_, nullptr); }

 private:
  T* object_ = nullptr;
};

template <class T, class... Arguments>
Box<T> make_box(Arguments&&... arguments) {
  return Box<T>(new T(std::forward<Arguments>(arguments)...));
}

}  // namespace heddle
