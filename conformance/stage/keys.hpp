// Keys of the operating system, as the subject wraps them.
#pragma once

#include <cstdint>
#include <functional>

#include "stage/outcome.hpp"

namespace heddle::conformance {

/// A key of the subject. An object of this type is a reference: it may be copied into any closure,
/// and the key is eaten once.
struct Key {
  void* handle = nullptr;
};

/// A static key of the subject, made by its first use.
struct StaticKey {
  std::uint32_t slot;
};

/// @name Keys. The call must succeed, else the case ends.
/// @{
/// `destructor` is null, or called by libc at the end of a thread.
Key create_key(void (*destructor)(void*));
void drop(Key key);  ///< eats
void* get(Key key);
void set(Key key, void* value);
/// @}

/// @name Static keys
/// @{
std::uint32_t count_static_keys();
void* get(StaticKey key);
void set(StaticKey key, void* value);
/// Sets what the key's destructor does with a thread's pointer.
void when_destroyed(StaticKey key, std::function<void(void*)> action);
/// @}

/// Counts the keys that the system would still give to this process. Takes all of them for a
/// moment, so no other thread may need one meanwhile.
std::uint32_t count_free_keys();

/// Takes all keys that the system has for this process, until the process ends.
void use_up_keys();

}  // namespace heddle::conformance
