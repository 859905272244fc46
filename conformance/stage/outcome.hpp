// The outcome of a call to the subject, and what a check expects of it.
#pragma once

#include <heddle/subject.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "stage/value.hpp"

namespace heddle::conformance {

/// The outcome of one call. Values and payloads in it have been received.
class Outcome {
 public:
  /// Takes over what `raw` carries. `call` names the call for messages. `carries_value` says
  /// whether a RETURNED outcome has a cookie rather than a number.
  Outcome(std::string_view call, const heddle_outcome& raw, bool carries_value);

  std::uint32_t tag() const { return raw_.tag; }
  std::uint32_t payload() const { return raw_.payload; }
  const std::string& call() const { return call_; }
  void* handle() const { return raw_.handle; }
  std::uint64_t number() const { return raw_.value; }
  std::string_view text() const { return {raw_.text, raw_.text_length}; }
  int os_error() const { return raw_.os_error; }

  /// Returns the value that was returned, or that the panic carries; the value of cookie 0 if there
  /// is none.
  Value value() const;
  bool is_panic() const;

  /// Returns the outcome in words: "caught a panic with 'payload'".
  std::string describe() const;

 private:
  std::string call_;
  heddle_outcome raw_;
  bool carries_value_;
};

/// An expected outcome, in words and as a test.
struct OutcomeExpectation {
  std::string words;
  std::function<bool(const Outcome&)> holds;
};

/// @name Expectations
/// @{
OutcomeExpectation returned();
OutcomeExpectation returned(Value value);
/// join or catch handed back the panic that the thread or body ended with.
OutcomeExpectation caught();
OutcomeExpectation caught(Value payload);
/// @{ For a runtime without HEDDLE_TYPED_PAYLOADS: any panic.
OutcomeExpectation caught_literal(std::string_view text);
OutcomeExpectation caught_string(std::string_view text);
/// @}
/// The call itself panicked, on the calling thread.
OutcomeExpectation panicked();
OutcomeExpectation panicked(Value payload);
/// Refused with any error value.
OutcomeExpectation refused();
OutcomeExpectation refused_with(int os_error);
/// Refused either way: with an error value, or by panicking.
OutcomeExpectation refused_or_panicked();
/// A spawn reported that the system refused. A runtime with HEDDLE_REPORTS_ERRNO reports it by an
/// error value, with this errno if one is given; any other runtime may use its own way.
OutcomeExpectation refusal();
OutcomeExpectation refusal(int os_error);
OutcomeExpectation no_access();
/// @}

/// Ends the case unless the outcome is the expected one.
void expect(const Outcome& outcome, const OutcomeExpectation& expectation);

/// Ends the case when the condition does not hold. `requirement` is a sentence; `happened` says
/// what was seen instead.
void expect(bool condition, std::string_view requirement,
            std::string_view happened = "it was not so");

/// Ends the case unless the two are equal. `what` names what they count or show.
void expect_equal(std::uint64_t actual, std::uint64_t expected, std::string_view what);
void expect_equal(std::string_view actual, std::string_view expected, std::string_view what);

/// Ends the case unless the value died exactly once, on that thread. Threads are told apart by
/// their kernel threads: if the runtime keeps those, the case ends without a verdict.
void expect_dropped_on(Value value, std::uint32_t thread);
/// Ends the case unless the value died exactly once, on any thread.
void expect_dropped(Value value);
void expect_not_dropped(Value value);

/// A moment in the case's log.
struct Moment {
  std::string words;  ///< "the drop of 'result'"
  std::string event;  ///< the text in the log
};

Moment dropping(Value value);
Moment beginning(const Closure& closure);
Moment ending(const Closure& closure);
Moment noted(std::string_view text);

/// Ends the case unless all moments came in this order.
void expect_order(const std::vector<Moment>& moments);
/// Returns how often a moment came.
std::uint64_t times(const Moment& moment);

}  // namespace heddle::conformance
