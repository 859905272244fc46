// Declaring thread locals.
//
//   HEDDLE_THREAD_LOCAL(REQUESTS, heddle::RefCell<std::vector<Request>>());
//   HEDDLE_THREAD_LOCAL_CONST(DEPTH, heddle::Cell<int>(0));
//
//   REQUESTS.with_borrow_mut([&](auto& requests) { requests.push_back(request); });
//   DEPTH.set(DEPTH.get() + 1);
//
// In Rust:
//
//   thread_local! { static REQUESTS: RefCell<Vec<Request>> = RefCell::new(Vec::new()); }
//   thread_local! { static DEPTH: Cell<i32> = const { Cell::new(0) }; }
//
// Like any variable it takes a specifier: `static` in a class or a function, `inline` at namespace
// scope in a header.
#pragma once

#include "heddle/thread/fast_local.hpp"
#include "heddle/thread/local_key.hpp"

/// Declares the LocalKey `name`. The second argument, an expression, is evaluated on each thread
/// that asks for the value, when it first does; its type is the value's.
#define HEDDLE_THREAD_LOCAL(name, ...) \
  constexpr auto name = ::heddle::thread::detail::lazy_local([] { return __VA_ARGS__; })

/// The same for a constant expression: nothing is run to make the value. For types without
/// destructor the compiler checks that it is one.
#define HEDDLE_THREAD_LOCAL_CONST(name, ...) \
  constexpr auto name = ::heddle::thread::detail::const_local([] { return __VA_ARGS__; })

namespace heddle::thread::detail {

// `Initialise` is the type of one lambda expression, so that each declaration has a function, and
// thereby a variable, of its own.
template <class Initialise, class T = std::invoke_result_t<Initialise>>
T* find_lazy(Slot<T>* initial) {
  constinit thread_local fast::Key<T> key;
  return key.get([&]() -> T { return initial != nullptr ? initial->take() : Initialise()(); });
}

template <class Initialise, class T = std::invoke_result_t<Initialise>>
T* find_const(Slot<T>* /*initial*/) {
  if constexpr (fast::needs_drop<T>) {
    constinit thread_local fast::ConstKey<T> key;
    return key.get(Initialise());
  } else {
    constinit thread_local T value = Initialise()();
    return &value;
  }
}

template <class Initialise>
constexpr auto lazy_local(Initialise /*names the variable*/) {
  return LocalKey<std::invoke_result_t<Initialise>>(find_lazy<Initialise>);
}

template <class Initialise>
constexpr auto const_local(Initialise /*names the variable*/) {
  return LocalKey<std::invoke_result_t<Initialise>>(find_const<Initialise>);
}

}  // namespace heddle::thread::detail
