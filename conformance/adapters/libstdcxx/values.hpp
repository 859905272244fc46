// Values of the suite inside C++: how a cookie is carried, how a body ends, and how a panic is
// thrown. A panic is an exception here. There is no hook, so PANICKED and RESUMED are the same.
#pragma once

#include <heddle/subject.h>

#include <string_view>
#include <utility>

namespace heddle::libstdcxx {

/// The suite; set once, before anything else of the subject runs, and valid until the process is
/// gone.
inline const heddle_host* suite = nullptr;

/// Throws the panic that an outcome of the suite asks for; returns if it asks for none.
void settle(const heddle_outcome& outcome);

/// Owns a cookie and reports its death to the suite, which may ask for a panic in answer. Only
/// locals may throw from a destructor. What the library stores (a thread's closure, an exception, a
/// thread local) dies where an exception means std::terminate.
template <bool throws>
class Owner {
 public:
  constexpr explicit Owner(heddle_cookie cookie) : cookie_(cookie) {}
  Owner(Owner&& other) noexcept : cookie_(other.release()) {}
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  Owner& operator=(Owner&&) = delete;
  // A panic out of a Stored ends in std::terminate, as C++ promises, and the clause sees that.
  ~Owner() noexcept(!throws) {  // NOLINT(bugprone-exception-escape)
    if (cookie_ != 0) {
      heddle_outcome outcome{};
      suite->dropped(cookie_, &cookie_, &outcome);
      settle(outcome);
    }
  }

  /// Takes over a cookie. The owner must be empty.
  void adopt(heddle_cookie cookie) noexcept { cookie_ = cookie; }
  /// Gives up the cookie, without reporting a death.
  heddle_cookie release() noexcept { return std::exchange(cookie_, 0); }
  /// Returns the address of the number, for accesses to thread locals.
  void* address() noexcept { return &cookie_; }

 private:
  heddle_cookie cookie_;
};
using Local = Owner<true>;
using Stored = Owner<false>;

/// Runs a body as a closure that has captured `env`, which is dropped before this returns or
/// throws. Returns the cookie of the body's value, which the caller then owns.
heddle_cookie complete(heddle_cookie env, heddle_body body, void* argument);

/// Writes text into the outcome; the suite keeps a copy.
void write_text(std::string_view text, heddle_outcome& outcome);

/// Writes the current exception as a panic with this tag. Call it in a catch block. Rethrows a
/// forced unwind (pthread_exit, cancellation): stopping one terminates the process.
void write_exception(heddle_tag tag, heddle_outcome& outcome);

/// Runs one call of a table. No exception leaves it, and the outcome is written after everything
/// that the call owned is gone.
template <class Work>
void call(heddle_outcome* out, Work work) {
  heddle_outcome outcome{};
  try {
    work(outcome);
  } catch (...) {
    outcome = {};
    write_exception(HEDDLE_PANICKED, outcome);
  }
  *out = outcome;
}

}  // namespace heddle::libstdcxx
