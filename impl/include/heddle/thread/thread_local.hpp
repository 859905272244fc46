// Declaring thread locals.
//
//   HEDDLE_THREAD_LOCAL(REQUESTS, heddle::RefCell<std::vector<Request>>());
//   HEDDLE_THREAD_LOCAL_CONST(DEPTH, heddle::Cell<int>(0));
//
//   REQUESTS.with_borrow_mut([&](auto& requests) { requests.push_back(request); });
//   DEPTH.set(DEPTH.get() + 1);
//
// Several in one declaration, each with a specifier (or none), a kind and a name:
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
// Without a specifier the name is private to its source file, like any constant. Write `inline` in
// front in a header, `static` in a class (under `public:` or `private:`) or in a function.
#pragma once

#include <type_traits>

#include "heddle/thread/fast_local.hpp"
#include "heddle/thread/local_key.hpp"
#include "heddle/thread/os_local.hpp"

/// Declares the LocalKey `name`. The second argument is an expression with the value's type; each
/// thread evaluates it when it first asks for the value.
#define HEDDLE_THREAD_LOCAL(name, ...) \
  constexpr auto name = ::heddle::thread::detail::lazy_local([] { return __VA_ARGS__; })

/// Does the same for a constant expression, so that nothing is run to make the value. For types
/// without a destructor the compiler checks that the expression is constant.
#define HEDDLE_THREAD_LOCAL_CONST(name, ...) \
  constexpr auto name = ::heddle::thread::detail::const_local([] { return __VA_ARGS__; })

/// Does what HEDDLE_THREAD_LOCAL does, but each thread's value lies on the heap, and a key of the
/// operating system leads to it. Slower. The destructors run after those of the other kinds, and do
/// not run on the main thread when the process exits. A later access makes a destroyed value anew.
#define HEDDLE_THREAD_LOCAL_OS(name, ...) \
  constexpr auto name = ::heddle::thread::detail::os_local([] { return __VA_ARGS__; })

/// Declares up to 16 thread locals: (specifier, LAZY or CONST or OS, name, expression), ...
#define HEDDLE_THREAD_LOCALS(...) \
  HEDDLE_DETAIL_SCAN(HEDDLE_DETAIL_DECLARE(__VA_ARGS__)) static_assert(true)

// A macro is not expanded inside itself, but what it leaves is expanded in the next scan: each of
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

/// Thread locals of at most this many bytes use the initial-exec model, even in shared objects: a
/// load instead of a call into libc. The price: objects that are loaded while the program runs
/// share libc's reserve for this model (about 1.5 KiB in glibc), and loading fails when it is used
/// up. A plug-in with very many thread locals defines this as 0.
#ifndef HEDDLE_INITIAL_EXEC_LIMIT
#define HEDDLE_INITIAL_EXEC_LIMIT 64
#endif

namespace heddle::thread::detail {

// Returns the calling thread's variable. `Initialise` is the type of one lambda expression, so each
// declaration has a function, and thereby a variable, of its own. Nothing is run to make or destroy
// the variable, so the compiler reaches it without a check whether that has been done.
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
