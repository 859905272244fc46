// Thread locals over keys of the operating system: the state machine behind LocalKey.
#pragma once

#include <cstdint>
#include <utility>

#include "heddle/box.hpp"
#include "heddle/thread/destroy_or_abort.hpp"
#include "heddle/thread/lazy_key_inner.hpp"
#include "heddle/thread/thread_local_key.hpp"

namespace heddle::thread::os {

/// All threads' values of a lazy key. Each is in a box on the heap, to which the thread's pointer
/// under the system's key leads. The pointer tells the state of the value:
///
/// - null: not made yet, or destroyed. Destroying a value leaves no trace, so a later destructor
///   may make a new one, which dies in the system's next round;
/// - 1: being destroyed, and access is refused;
/// - otherwise: its box, which is empty while the initialiser runs, and after the initialiser has
///   panicked.
template <class T>
class Key {
 public:
  constexpr Key() noexcept : os_([](void* box) { detail::destroy_or_abort(destroy_value, box); }) {}

  /// Returns the value, made by `initialise` if there is none yet; null while it is being
  /// destroyed.
  template <class Initialise>
  T* get(Initialise initialise) {
    void* const pointer = os_.get();
    if (reinterpret_cast<std::uintptr_t>(pointer) > destroying) {
      if (T* const value = static_cast<Value*>(pointer)->inner.get()) {
        return value;
      }
    }
    return try_initialize(pointer, initialise);
  }

 private:
  struct Value {
    LazyKeyInner<T> inner;
    Key* key = nullptr;  // the system's destructor gets the pointer alone
  };
  static constexpr std::uintptr_t destroying = 1;

  // Makes the value. The box is set first, so that an initialiser that uses its own key finds it.
  template <class Initialise>
  [[gnu::noinline]] T* try_initialize(void* pointer, Initialise initialise) {
    if (reinterpret_cast<std::uintptr_t>(pointer) == destroying) {
      return nullptr;
    }
    if (pointer == nullptr) {
      // If libc has no memory for the pointer, the box is lost: its value is found once, and never
      // again.
      auto box = make_box<Value>();
      box->key = this;
      pointer = box.release();
      os_.set(pointer);
    }
    return &static_cast<Value*>(pointer)->inner.initialize(initialise);
  }

  // Destroys the value. The order matters: out of reach first, then dropped, then open again.
  static void destroy_value(void* pointer) {
    if (reinterpret_cast<std::uintptr_t>(pointer) == destroying) {
      return;  // last time libc could not take the mark back; now it has
    }
    const Box<Value> box(static_cast<Value*>(pointer));
    StaticKey& os = box->key->os_;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): not a pointer to anything, and never followed
    os.set(reinterpret_cast<void*>(destroying));
    box->inner.drop();
    os.set(nullptr);
  }

  StaticKey os_;
};

}  // namespace heddle::thread::os
