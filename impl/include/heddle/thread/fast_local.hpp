// Thread locals in the compiler's thread-local storage: the state machines behind LocalKey.
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "heddle/place.hpp"
#include "heddle/sys/thread_local_destructor.hpp"
#include "heddle/thread/destroy_or_abort.hpp"
#include "heddle/thread/lazy_key_inner.hpp"

namespace heddle::thread::fast {

/// The states of a destructor, which are passed through in this order.
enum class DtorState : std::uint8_t { unregistered, registered, running_or_has_run };

template <class T>
inline constexpr bool needs_drop = !std::is_trivially_destructible_v<T>;

/// One thread's value of a lazy key. All zero at first; the compiler has no constructor or
/// destructor to run.
template <class T>
class Key {
 public:
  constexpr Key() = default;

  /// Returns the value, made by `initialise` if there is none yet; null once its destruction has
  /// begun. `initialise` is small and passed by value, so that nothing is stored for it when the
  /// value exists.
  template <class Initialise>
  T* get(Initialise initialise) {
    T* const value = inner_.get();
    return value != nullptr ? value : try_initialize(initialise);
  }

 private:
  // Makes the value. Its destructor is registered before the initialiser runs: thread locals that
  // the initialiser is the first to use are registered later, and die first.
  template <class Initialise>
  [[gnu::noinline]] T* try_initialize(Initialise initialise) {
    if (needs_drop<T> && !try_register_dtor()) {
      return nullptr;
    }
    return &inner_.initialize(initialise);
  }

  bool try_register_dtor() {
    switch (dtor_state_) {
      case DtorState::unregistered:
        sys::register_thread_local_destructor(
            this, [](void* key) { detail::destroy_or_abort(destroy_value, key); });
        dtor_state_ = DtorState::registered;
        return true;
      case DtorState::registered:
        return true;  // the initialiser asks for its own value, or an earlier one has panicked
      case DtorState::running_or_has_run:
        return false;
    }
    return false;
  }

  // Destroys the value. The order matters: out of reach first, then dropped.
  static void destroy_value(void* key) {
    auto& self = *static_cast<Key*>(key);
    self.dtor_state_ = DtorState::running_or_has_run;
    self.inner_.drop();
  }

  LazyKeyInner<T> inner_;
  DtorState dtor_state_ = DtorState::unregistered;
};

/// One thread's value of a key whose initialiser is a constant expression, for types with a
/// destructor. No initialiser has to run, so the first access only registers the destructor.
template <class T>
class ConstKey {
 public:
  constexpr ConstKey() = default;

  /// Returns the value, at first `initial()`; null once its destruction has begun.
  template <class Initial>
  T* get(Initial&& initial) {
    if (dtor_state_ == DtorState::registered) [[likely]] {
      return &place_.get();
    }
    return try_initialize(std::forward<Initial>(initial));
  }

 private:
  template <class Initial>
  [[gnu::noinline]] T* try_initialize(Initial&& initial) {
    if (dtor_state_ == DtorState::running_or_has_run) {
      return nullptr;
    }
    // The constant is put in its place only here. As an initialiser of the thread_local it would
    // make the compiler register T's destructor, in its own way, at the first access.
    T& value = place_.fill(std::forward<Initial>(initial));
    sys::register_thread_local_destructor(
        this, [](void* key) { detail::destroy_or_abort(destroy_value, key); });
    dtor_state_ = DtorState::registered;
    return &value;
  }

  static void destroy_value(void* key) {
    auto& self = *static_cast<ConstKey*>(key);
    self.dtor_state_ = DtorState::running_or_has_run;
    self.place_.destroy();
  }

  Place<T> place_;
  DtorState dtor_state_ = DtorState::unregistered;
};

}  // namespace heddle::thread::fast
