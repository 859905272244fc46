// Values of the suite inside the reference: how a cookie is carried, and how a body runs.
#pragma once

#include <heddle/subject.h>

#include <string>
#include <utility>

namespace heddle::adapter {

/// Sets what the suite offers. Call it once, before anything else.
void set_host(const heddle_host* host);
const heddle_host& host();

/// Owns a cookie and reports its death to the suite, which may ask for a panic in answer.
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
  /// Hands the cookie back to the suite, without reporting a death.
  heddle_cookie release() noexcept { return std::exchange(cookie_, 0); }

 private:
  heddle_cookie cookie_;  // first, so that the value's address is the number's
};

/// Returns the cookie from a callback of the suite other than a body, or panics as the callback
/// asks.
heddle_cookie settle(const heddle_outcome& out);

/// A closure of the suite. Its environment dies with it, wherever the runtime moves it.
class Closure {
 public:
  Closure(heddle_body body, heddle_cookie env) noexcept : body_(body), env_(env) {}

  /// Runs the body to its end. Returns its value, or panics as the body asks.
  Value run(void* argument) const;
  Value operator()() const { return run(nullptr); }
  /// Does the same for a body that ends in text.
  std::string run_for_text() const;

 private:
  // Writes into `result`: a value on its way out of a function would have to survive destructors
  // that panic.
  void run_into(Value& result, void* argument) const;

  heddle_body body_;
  Value env_;
};

}  // namespace heddle::adapter
