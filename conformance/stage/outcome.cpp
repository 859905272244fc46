#include "stage/outcome.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "catalogue/feature.hpp"
#include "stage/held_handles.hpp"
#include "stage/kernel_thread.hpp"
#include "stage/stage_case.hpp"

namespace heddle::conformance {
namespace {

std::string describe_payload(const heddle_outcome& raw) {
  switch (raw.payload) {
    case HEDDLE_PAYLOAD_OPAQUE:
      return raw.value == 0 ? "with nothing in it" : "with " + Value(raw.value).name();
    case HEDDLE_PAYLOAD_LITERAL:
      return fmt::format("with the literal \"{}\"", std::string_view(raw.text, raw.text_length));
    case HEDDLE_PAYLOAD_STRING:
      return fmt::format("with the string \"{}\"", std::string_view(raw.text, raw.text_length));
    default:
      return "with a payload of another type";
  }
}

std::string describe_error(int os_error) {
  const char* const name = ::strerrorname_np(os_error);
  return os_error == 0 ? "no errno" : name != nullptr ? name : fmt::format("errno {}", os_error);
}

// Returns whether the outcome carries this payload. A runtime without typed payloads may hand back
// a payload of another type.
bool carries(const Outcome& outcome, heddle_payload payload, std::string_view text) {
  if (outcome.tag() != HEDDLE_CAUGHT) {
    return false;
  }
  return !offers(subject(), Feature::payload_types) ||
         (outcome.payload() == payload && outcome.text() == text);
}

// Ends the case without a verdict where a value may have died on another kernel thread than its
// body's: a runtime whose kernel threads outlive their bodies may move its threads between them.
void excuse_where_threads_move(std::uint32_t thread) {
  const auto kernel_thread = kernel_thread_of(thread);
  constexpr std::uint32_t main_thread = 1;
  if (thread != here() && thread != main_thread && kernel_thread) {
    wait_until_gone(*kernel_thread);
  }
}

}  // namespace

Outcome::Outcome(std::string_view call, const heddle_outcome& raw, bool carries_value)
    : call_(call), raw_(raw), carries_value_(carries_value) {
  if (raw.tag == HEDDLE_ENTER || raw.tag == HEDDLE_RESUMED || raw.tag > HEDDLE_ABSENT ||
      (is_panic() && raw.payload > HEDDLE_PAYLOAD_FOREIGN)) {
    fail(fmt::format("{} ends in an outcome that the ABI knows", call),
         fmt::format("it wrote the tag {} with the payload kind {}", raw.tag, raw.payload));
  }
  note(fmt::format("{} {}", call_, describe()));
  if (raw.tag == HEDDLE_RETURNED) {
    hold_handle(raw.handle);
  }
  if ((raw.tag == HEDDLE_RETURNED && carries_value) ||
      (is_panic() && raw.payload == HEDDLE_PAYLOAD_OPAQUE)) {
    received(raw.value);
  }
}

bool Outcome::is_panic() const {
  return raw_.tag == HEDDLE_PANICKED || raw_.tag == HEDDLE_CAUGHT;
}

Value Outcome::value() const {
  const bool has_value = (raw_.tag == HEDDLE_RETURNED && carries_value_) ||
                         (is_panic() && raw_.payload == HEDDLE_PAYLOAD_OPAQUE);
  return Value(has_value ? raw_.value : 0);
}

std::string Outcome::describe() const {
  switch (raw_.tag) {
    case HEDDLE_RETURNED:
      return carries_value_ ? "returned " + Value(raw_.value).name() : "returned";
    case HEDDLE_PANICKED:
      return "panicked " + describe_payload(raw_);
    case HEDDLE_CAUGHT:
      return "caught a panic " + describe_payload(raw_);
    case HEDDLE_FAILED:
      return fmt::format("was refused: {}{}{}", describe_error(raw_.os_error),
                         raw_.text_length > 0 ? ", " : "", text());
    case HEDDLE_NO_ACCESS:
      return "was told that the thread local is gone";
    default:
      return "found that the thread had left no result";
  }
}

OutcomeExpectation returned() {
  return {"returned", [](const Outcome& outcome) { return outcome.tag() == HEDDLE_RETURNED; }};
}

OutcomeExpectation returned(Value value) {
  return {"returned " + value.name(), [value](const Outcome& outcome) {
            return outcome.tag() == HEDDLE_RETURNED && outcome.value() == value;
          }};
}

OutcomeExpectation caught() {
  return {"caught a panic", [](const Outcome& outcome) { return outcome.tag() == HEDDLE_CAUGHT; }};
}

OutcomeExpectation caught(Value payload) {
  return {"caught a panic with " + payload.name(), [payload](const Outcome& outcome) {
            return outcome.tag() == HEDDLE_CAUGHT && outcome.value() == payload;
          }};
}

OutcomeExpectation caught_literal(std::string_view text) {
  return {
      fmt::format("caught a panic with the literal \"{}\"", text),
      [text](const Outcome& outcome) { return carries(outcome, HEDDLE_PAYLOAD_LITERAL, text); }};
}

OutcomeExpectation caught_string(std::string_view text) {
  return {fmt::format("caught a panic with the string \"{}\"", text),
          [text](const Outcome& outcome) { return carries(outcome, HEDDLE_PAYLOAD_STRING, text); }};
}

OutcomeExpectation panicked() {
  return {"panicked", [](const Outcome& outcome) { return outcome.tag() == HEDDLE_PANICKED; }};
}

OutcomeExpectation panicked(Value payload) {
  return {"panicked with " + payload.name(), [payload](const Outcome& outcome) {
            return outcome.tag() == HEDDLE_PANICKED && outcome.value() == payload;
          }};
}

OutcomeExpectation refused() {
  return {"was refused", [](const Outcome& outcome) { return outcome.tag() == HEDDLE_FAILED; }};
}

OutcomeExpectation refused_with(int os_error) {
  return {"was refused: " + describe_error(os_error), [os_error](const Outcome& outcome) {
            return outcome.tag() == HEDDLE_FAILED && outcome.os_error() == os_error;
          }};
}

OutcomeExpectation refusal() {
  return offers(subject(), Feature::errnos) ? refused() : refused_or_panicked();
}

OutcomeExpectation refusal(int os_error) {
  return offers(subject(), Feature::errnos) ? refused_with(os_error) : refused_or_panicked();
}

OutcomeExpectation refused_or_panicked() {
  return {"was refused, or panicked", [](const Outcome& outcome) {
            return outcome.tag() == HEDDLE_FAILED || outcome.tag() == HEDDLE_PANICKED;
          }};
}

OutcomeExpectation no_access() {
  return {"was told that the thread local is gone",
          [](const Outcome& outcome) { return outcome.tag() == HEDDLE_NO_ACCESS; }};
}

void expect(const Outcome& outcome, const OutcomeExpectation& expectation) {
  if (!expectation.holds(outcome)) {
    fail(fmt::format("{} {}", outcome.call(), expectation.words),
         fmt::format("{} {}", outcome.call(), outcome.describe()));
  }
}

void expect(bool condition, std::string_view requirement, std::string_view happened) {
  if (!condition) {
    fail(requirement, happened);
  }
}

void expect_equal(std::uint64_t actual, std::uint64_t expected, std::string_view what) {
  if (actual != expected) {
    fail(fmt::format("{}: {}", what, expected), fmt::format("{}: {}", what, actual));
  }
}

void expect_equal(std::string_view actual, std::string_view expected, std::string_view what) {
  if (actual != expected) {
    fail(fmt::format("{}: \"{}\"", what, expected), fmt::format("{}: \"{}\"", what, actual));
  }
}

void expect_dropped(Value value) {
  if (value.drops() != 1) {
    excuse_kept_threads();
    fail(fmt::format("{} has been dropped by now", value.name()),
         value.handed_back() ? "it was handed back" : "it still lives");
  }
}

void expect_dropped_on(Value value, std::uint32_t thread) {
  expect_dropped(value);
  if (value.dropped_on() != thread) {
    excuse_where_threads_move(thread);
    fail(fmt::format("{} is dropped on thread {}", value.name(), thread),
         fmt::format("it was dropped on thread {}", value.dropped_on()));
  }
}

void expect_not_dropped(Value value) {
  if (value.drops() != 0) {
    fail(fmt::format("{} still lives", value.name()),
         fmt::format("it was dropped on thread {}", value.dropped_on()));
  }
}

Moment dropping(Value value) {
  return {fmt::format("the drop of {}", value.name()), fmt::format("drops {}", value.name())};
}

Moment beginning(const Closure& closure) {
  const std::string name = closure.captured().name();
  return {fmt::format("the begin of {}", name), fmt::format("{} begins", name)};
}

Moment ending(const Closure& closure) {
  const std::string name = closure.captured().name();
  return {fmt::format("the end of {}", name), fmt::format("{} ends", name)};
}

Moment noted(std::string_view text) {
  return {fmt::format("\"{}\"", text), std::string(text)};
}

void expect_order(const std::vector<Moment>& moments) {
  std::vector<std::string> wanted;
  std::vector<std::pair<std::uint32_t, std::string>> seen;
  std::string missing;
  for (const Moment& moment : moments) {
    wanted.push_back(moment.words);
    const auto positions = positions_of(moment.event);
    if (positions.empty()) {
      missing += fmt::format("{}{} never came", missing.empty() ? "" : "; ", moment.words);
    } else {
      seen.emplace_back(positions.front(), moment.words);
    }
  }
  if (!missing.empty() || !std::is_sorted(seen.begin(), seen.end())) {
    std::sort(seen.begin(), seen.end());
    std::vector<std::string> order;
    std::transform(seen.begin(), seen.end(), std::back_inserter(order),
                   [](const auto& entry) { return entry.second; });
    fail(fmt::format("in this order: {}", fmt::join(wanted, ", ")),
         missing.empty() ? fmt::format("the order was: {}", fmt::join(order, ", ")) : missing);
  }
}

std::uint64_t times(const Moment& moment) {
  return positions_of(moment.event).size();
}

}  // namespace heddle::conformance
