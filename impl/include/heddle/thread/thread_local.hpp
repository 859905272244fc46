// Declaring thread locals.
//
//   HEDDLE_THREAD_LOCAL(REQUESTS, heddle::RefCell<std::vector<Request>>());
//   HEDDLE_THREAD_LOCAL_CONST(DEPTH, heddle::Cell<int>(0));
//
//   REQUESTS.with_borrow_mut([&](auto& requests) { requests.push_back(request); });
//   DEPTH.set(DEPTH.get() + 1);
//
// Several in one declaration, each with its specifier (or none), its kind and its name:
//
//   HEDDLE_THREAD_LOCALS((inline, LAZY, REQUESTS, heddle::RefCell<std::vector<Request>>()),
//                        (inline, CONST, DEPTH, heddle::Cell<int>(0)));
//
// In Rust:
//
//   thread_local! {
//     pub static REQUESTS: RefCell<Vec<Request>> = RefCell::new(Vec::new());
//     pub static DEPTH: Cell<i32> = const { Cell::new(0) };
//   }
//
// A name alone is private to its source file. Like any constant it takes a specifier: `inline` in a
// header, `static` in a class (under `public:` or `private:`) and in a function.
#pragma once

#include <type_traits>

#include "heddle/thread/fast_local.hpp"
#include "heddle/thread/local_key.hpp"
#include "heddle/thread/os_local.hpp"

/// Declares the LocalKey `name`. The second argument, an expression, is evaluated on each thread
/// that asks for the value, when it first does; its type is the value's.
#define HEDDLE_THREAD_LOCAL(name, ...) \
  constexpr auto name = ::heddle::thread::detail::lazy_local([] { return __VA_ARGS__; })

/// The same for a constant expression: nothing is run to make the value. For types without
/// destructor the compiler checks that it is one.
#define HEDDLE_THREAD_LOCAL_CONST(name, ...) \
  constexpr auto name = ::heddle::thread::detail::const_local([] { return __VA_ARGS__; })

/// As HEDDLE_THREAD_LOCAL, but each thread's value lies on the heap, and a key of the operating
/// system leads to it. Slower. Its destructors run after those of the other kinds, not on the main
/// thread when the process exits, and a destroyed value is made anew by an access that comes later.
#define HEDDLE_THREAD_LOCAL_OS(name, ...) \
  constexpr auto name = ::heddle::thread::detail::os_local([] { return __VA_ARGS__; })

/// Declares up to 16 of them: (specifier, LAZY or CONST or OS, name, expression), ...
#define HEDDLE_THREAD_LOCALS(...) \
  HEDDLE_DETAIL_SCAN(HEDDLE_DETAIL_DECLARE(__VA_ARGS__)) static_assert(true)

// A macro is not expanded inside itself, but what it leaves is when it is scanned again: each of
// the sixteen scans declares one key and leaves the rest.
#define HEDDLE_DETAIL_SCAN(...) \
  HEDDLE_DETAIL_SCAN4(HEDDLE_DETAIL_SCAN4(HEDDLE_DETAIL_SCAN4(HEDDLE_DETAIL_SCAN4(__VA_ARGS__))))
#define HEDDLE_DETAIL_SCAN4(...) \
  HEDDLE_DETAIL_SCAN1(HEDDLE_DETAIL_SCAN1(HEDDLE_DETAIL_SCAN1(HEDDLE_DETAIL_SCAN1(__VA_ARGS__))))
#define HEDDLE_DETAIL_SCAN1(...) __VA_ARGS__
#define HEDDLE_DETAIL_DECLARE(first, ...) \
  HEDDLE_DETAIL_DECLARE_ONE first;        \
  __VA_OPT__(HEDDLE_DETAIL_DECLARE_REST HEDDLE_DETAIL_PARENTHESES(__VA_ARGS__))
#define HEDDLE_DETAIL_DECLARE_ONE(specifier, kind, ...) \
  specifier HEDDLE_THREAD_LOCAL_##kind(__VA_ARGS__)
#define HEDDLE_DETAIL_DECLARE_REST() HEDDLE_DETAIL_DECLARE
#define HEDDLE_DETAIL_PARENTHESES ()
#define HEDDLE_THREAD_LOCAL_LAZY HEDDLE_THREAD_LOCAL

/// Thread locals of at most so many bytes are reached by a load in shared objects as well (the
/// initial-exec model), where the compiler's own way is a call into libc. Its price: objects that
/// are loaded while the program runs share a reserve of libc's for these, in glibc of about 1.5
/// KiB, and loading fails when that is used up. A plug-in with very many defines this as 0.
#ifndef HEDDLE_INITIAL_EXEC_LIMIT
#define HEDDLE_INITIAL_EXEC_LIMIT 64
#endif

namespace heddle::thread::detail {

// One variable of each thread. `Initialise` is the type of one lambda expression, so that each
// declaration has a function, and thereby a variable, of its own. Nothing is run to make or destroy
// it, so that the compiler reaches it without asking whether that has been done.
template <class Initialise, class Storage>
Storage& local() {
  if constexpr (sizeof(Storage) <= HEDDLE_INITIAL_EXEC_LIMIT) {
    [[gnu::tls_model("initial-exec")]] constinit thread_local Storage storage;
    return storage;
  } else {
    constinit thread_local Storage storage;
    return storage;
  }
}

template <class Initialise, class T>
T initial_value(Slot<T>* initial) {
  return initial != nullptr ? initial->take() : Initialise()();
}

template <class Initialise, class T = std::invoke_result_t<Initialise>>
T* find_lazy(Slot<T>* initial) {
  return local<Initialise, fast::Key<T>>().get(
      [initial]() -> T { return initial_value<Initialise>(initial); });
}

template <class Initialise>
struct Constant {
  std::invoke_result_t<Initialise> value = Initialise()();
};

template <class Initialise, class T = std::invoke_result_t<Initialise>>
T* find_const(Slot<T>* /*initial*/) {
  if constexpr (fast::needs_drop<T>) {
    return local<Initialise, fast::ConstKey<T>>().get(Initialise());
  } else {
    return &local<Initialise, Constant<Initialise>>().value;
  }
}

template <class Initialise, class T = std::invoke_result_t<Initialise>>
T* find_os(Slot<T>* initial) {
  constinit static os::Key<T> key;
  return key.get([initial]() -> T { return initial_value<Initialise>(initial); });
}

template <class Initialise>
constexpr auto lazy_local(Initialise /*names the variable*/) {
  return LocalKey<std::invoke_result_t<Initialise>>(find_lazy<Initialise>);
}

template <class Initialise>
constexpr auto const_local(Initialise /*names the variable*/) {
  return LocalKey<std::invoke_result_t<Initialise>>(find_const<Initialise>);
}

template <class Initialise>
constexpr auto os_local(Initialise /*names the variable*/) {
  return LocalKey<std::invoke_result_t<Initialise>>(find_os<Initialise>);
}

}  // namespace heddle::thread::detail
