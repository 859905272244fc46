// Room for one object, made and destroyed by hand.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace heddle {

/// Bytes for one T. Does not know whether they hold one; its owner does. Trivially destructible and
/// constant-initialised, so that a thread_local of it costs no registration of the compiler's.
template <class T>
class Place {
 public:
  /// Makes the object from what `make` returns, without moving it. Must be empty.
  template <class Make>
  T& fill(Make&& make) {
    return *::new (static_cast<void*>(bytes_.data())) T(std::forward<Make>(make)());
  }
  /// The object. Must be full.
  T& get() noexcept { return *std::launder(reinterpret_cast<T*>(bytes_.data())); }
  const T& get() const noexcept { return *std::launder(reinterpret_cast<const T*>(bytes_.data())); }
  /// Destroys the object; what its destructor panics passes through. Must be full.
  void destroy() noexcept(false) { std::destroy_at(std::addressof(get())); }

 private:
  // NOLINTNEXTLINE(bugprone-sizeof-expression): T may well be a pointer
  alignas(T) std::array<std::byte, sizeof(T)> bytes_{};
};

}  // namespace heddle
