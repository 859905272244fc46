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

/// Goes from the first to the last, and never back.
enum class DtorState : std::uint8_t { unregistered, registered, running_or_has_run };

template <class T>
inline constexpr bool needs_drop = !std::is_trivially_destructible_v<T>;

/// One thread's value of a lazy key. All zero at first, without constructor or destructor that the
/// compiler would have to run.
template <class T>
class Key {
 public:
  constexpr Key() = default;

  /// The value, made by `initialise` if there is none yet; null when it is being destroyed or has
  /// been. `initialise` is small: it is passed by value, so that nothing is stored for it where the
  /// value is there.
  template <class Initialise>
  T* get(Initialise initialise) {
    T* const value = inner_.get();
    return value != nullptr ? value : try_initialize(initialise);
  }

 private:
  // The destructor is registered before the initialiser runs: what the initialiser itself touches
  // for the first time is registered later and dies first.
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

  // The order matters: out of reach first, and only then dropped.
  static void destroy_value(void* key) {
    auto& self = *static_cast<Key*>(key);
    self.dtor_state_ = DtorState::running_or_has_run;
    self.inner_.drop();
  }

  LazyKeyInner<T> inner_;
  DtorState dtor_state_ = DtorState::unregistered;
};

/// One thread's value of a key whose initialiser is a constant expression: there is nothing to run,
/// so that the first access only registers the destructor. For types with a destructor.
template <class T>
class ConstKey {
 public:
  constexpr ConstKey() = default;

  /// The value, which is `initial()` at first; null when it is being destroyed or has been.
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
    // The constant is put in its place here, since as an initialiser of the thread_local it would
    // make the compiler register T's destructor with the first access, in its own way.
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
