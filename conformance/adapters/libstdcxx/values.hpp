// Values of the suite inside C++: what carries a cookie, how a body ends, how a panic is thrown.
// A panic is an exception here; there is no hook, so PANICKED and RESUMED are the same.
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

/// Owns a cookie and reports its death to the suite, which may ask for a panic there.
/// Only locals may throw from a destructor. What the library stores (a thread's closure, an
/// exception, a thread local) dies where an exception means std::terminate.
template <bool throws>
class Owner {
 public:
  constexpr explicit Owner(heddle_cookie cookie) : cookie_(cookie) {}
  Owner(Owner&& other) noexcept : cookie_(other.release()) {}
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  Owner& operator=(Owner&&) = delete;
  // A panic out of a Stored terminates, as C++ promises: that is what the clause sees.
  ~Owner() noexcept(!throws) {  // NOLINT(bugprone-exception-escape)
    if (cookie_ != 0) {
      heddle_outcome outcome{};
      suite->dropped(cookie_, &cookie_, &outcome);
      settle(outcome);
    }
  }

  /// Takes a cookie over; there is none so far.
  void adopt(heddle_cookie cookie) noexcept { cookie_ = cookie; }
  /// Hands the cookie out: no death to report.
  heddle_cookie release() noexcept { return std::exchange(cookie_, 0); }
  /// Where the number lies, for accesses to thread locals.
  void* address() noexcept { return &cookie_; }

 private:
  heddle_cookie cookie_;
};
using Local = Owner<true>;
using Stored = Owner<false>;

/// Runs a body as a closure that has captured `env`, which is gone when this returns or throws.
/// Returns the cookie of the body's value, the caller's to own.
heddle_cookie complete(heddle_cookie env, heddle_body body, void* argument);

/// Writes text that the suite keeps.
void write_text(std::string_view text, heddle_outcome& outcome);

/// To be called in a catch block: writes the exception as a panic with that tag. A forced unwind
/// (pthread_exit, cancellation) is thrown on: whoever stops one is terminated.
void write_exception(heddle_tag tag, heddle_outcome& outcome);

/// Runs one call of a table. No exception leaves it, and the outcome is written when all that the
/// call owned is gone.
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
