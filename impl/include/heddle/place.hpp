// Room for one object, which is made and destroyed by hand.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace heddle {

/// Bytes for one T. The owner keeps track of whether they hold one. Trivially destructible and
/// constant-initialised, so that the compiler registers nothing for a thread_local Place.
template <class T>
class Place {
 public:
  /// Constructs the object from what `make` returns, without a move. The place must be empty.
  template <class Make>
  T& fill(Make&& make) {
    return *::new (static_cast<void*>(bytes_.data())) T(std::forward<Make>(make)());
  }
  /// Returns the object. The place must be full.
  T& get() noexcept { return *std::launder(reinterpret_cast<T*>(bytes_.data())); }
  const T& get() const noexcept { return *std::launder(reinterpret_cast<const T*>(bytes_.data())); }
  /// Destroys the object; a panic of its destructor passes through. The place must be full.
  void destroy() noexcept(false) { std::destroy_at(std::addressof(get())); }

 private:
  // NOLINTNEXTLINE(bugprone-sizeof-expression): T may well be a pointer
  alignas(T) std::array<std::byte, sizeof(T)> bytes_{};
};

}  // namespace heddle
