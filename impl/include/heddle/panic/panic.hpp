// Starting a panic.
//
// A panic is an exception of the runtime's own. It runs the hook, unwinds the calling thread, and
// ends at the nearest catch_unwind; every thread of the runtime has one at its bottom. A function
// that a panic has to leave must not be noexcept. A destructor is noexcept unless it is declared
// otherwise.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "heddle/panic/location.hpp"
#include "heddle/panic/payload.hpp"

namespace heddle::panic {

namespace detail {
/// Panics with an object that Payload::into_raw() gave up. Takes a pointer, and is called by
/// inlined functions only, for speed: one more frame to unwind costs a tenth of a whole panic, and
/// an empty payload to destroy on the way costs as much as three frames.
[[noreturn]] void begin_panic(Object* payload, Location location);
[[noreturn]] void resume_panic(Object* payload);
}  // namespace detail

/// Panics with this payload. Aborts with a message when the calling thread is panicking already, or
/// is running the panic hook: as in Rust 1.63, a second panic cannot be caught. Can be called on
/// any thread.
[[noreturn, gnu::always_inline]] inline void panic_with(Payload payload, Location location) {
  detail::begin_panic(std::move(payload).into_raw(), location);
}

/// Panics with any object. Rust's panic_any.
template <class T>
[[noreturn, gnu::always_inline]] inline void panic_any(T object,
                                                       Location location = Location::current()) {
  detail::begin_panic(new detail::Holder<T>(std::move(object)), location);
}

/// Panics with a string literal, which the payload refers to.
template <std::size_t length>
[[noreturn, gnu::always_inline]] inline void panic(const char (&literal)[length],
                                                   Location location = Location::current()) {
  panic_any(std::string_view(literal, length - 1), location);
}

/// Panics with text made at run time, which the payload owns.
template <class Text>
requires std::is_same_v<Text, std::string>
[[noreturn]] void panic(Text text, Location location = Location::current()) {
  panic_any(std::move(text), location);
}

/// Panics with a payload that was caught before, without running the hook. Aborts the process if
/// the panic has to leave a destructor that runs because of another panic. Rust's resume_unwind.
[[noreturn, gnu::always_inline]] inline void resume_unwind(Payload payload) {
  detail::resume_panic(std::move(payload).into_raw());
}

/// Returns whether the calling thread is unwinding because of a panic, or running the hook for one.
bool panicking() noexcept;

}  // namespace heddle::panic
