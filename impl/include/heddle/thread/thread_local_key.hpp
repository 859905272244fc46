// Keys of the operating system as objects.
#pragma once

#include <atomic>
#include <utility>

#include "heddle/sys/thread_local_key.hpp"

namespace heddle::thread {

/// A key for a static variable: constant-initialised, created at its first use, and never deleted,
/// since threads may use it until the process is gone. Rust's StaticKey.
///
/// Memory order. The number is published by a release and found by an acquire. libc writes the
/// key's destructor as plain memory when it creates the key, and reads it when any thread ends: so
/// a thread that has the number must see what was written before the number was published.
class StaticKey {
 public:
  /// `destructor` may be null. Otherwise it is called with a thread's pointer, unless that is null,
  /// when the thread ends. It must not throw.
  constexpr explicit StaticKey(void (*destructor)(void*) = nullptr) noexcept
      : destructor_(destructor) {}
  StaticKey(const StaticKey&) = delete;
  StaticKey& operator=(const StaticKey&) = delete;

  /// Returns the calling thread's pointer, at first null. Panics if the key cannot be created. Can
  /// be called on any thread, and the first time by several at once.
  void* get() { return sys::key::get(key()); }
  /// Sets the calling thread's pointer. If the system has no memory for it, the pointer stays what
  /// it was.
  void set(void* value) { sys::key::set(key(), value); }

 private:
  sys::key::Key key() {
    const sys::key::Key known = key_.load(std::memory_order_acquire);
    return known != none ? known : lazy_init();
  }
  sys::key::Key lazy_init();

  // The system may give this number to a key, too; such a key is made anew.
  static constexpr sys::key::Key none = 0;

  std::atomic<sys::key::Key> key_{none};
  void (*destructor_)(void*);
};

/// A key that is created with its object. Move-only. As in Rust, the system's key outlives the
/// object: threads may still have pointers under it, whose destructors run when the threads end.
/// Rust's Key.
class Key {
 public:
  /// Creates a key, with a `destructor` as in StaticKey. Panics if the key cannot be created.
  explicit Key(void (*destructor)(void*) = nullptr);
  Key(Key&&) = default;
  Key& operator=(Key&&) = default;

  void* get() const noexcept { return sys::key::get(key_); }
  void set(void* value) const { sys::key::set(key_, value); }

 private:
  sys::key::Key key_;
};

}  // namespace heddle::thread
