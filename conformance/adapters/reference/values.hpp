// Values of the suite inside the reference: what carries a cookie, and how a body runs.
#pragma once

#include <heddle/subject.h>

#include <string>
#include <utility>

namespace heddle::adapter {

/// What the suite offers. Set before anything else happens, and never changed.
void set_host(const heddle_host* host);
const heddle_host& host();

/// Owns a cookie and reports its death, which may end in a panic if the suite so wishes.
class Value {
 public:
  explicit Value(heddle_cookie cookie = 0) noexcept : cookie_(cookie) {}
  Value(Value&& other) noexcept : cookie_(other.release()) {}
  Value& operator=(Value&& other) noexcept(false) {
    const Value dropped(std::exchange(cookie_, other.release()));
    return *this;
  }
  ~Value() noexcept(false);

  heddle_cookie cookie() const noexcept { return cookie_; }
  /// Hands the cookie back to the suite: no death to report.
  heddle_cookie release() noexcept { return std::exchange(cookie_, 0); }

 private:
  heddle_cookie cookie_;  // first, so that the value's address is the number's
};

/// What a callback of the suite that is no body ended with: a cookie, or the panic it asks for.
heddle_cookie settle(const heddle_outcome& out);

/// A closure of the suite's: its environment dies with it, wherever the runtime moves it to.
class Closure {
 public:
  Closure(heddle_body body, heddle_cookie env) noexcept : body_(body), env_(env) {}

  /// Runs the body to its end: a value, or the panic it asks for.
  Value run(void* argument) const;
  Value operator()() const { return run(nullptr); }
  /// The same for a body that ends in text.
  std::string run_for_text() const;

 private:
  // Into `result`, since a value that is being returned would have to survive destructors that
  // panic on the way out.
  void run_into(Value& result, void* argument) const;

  heddle_body body_;
  Value env_;
};

}  // namespace heddle::adapter
