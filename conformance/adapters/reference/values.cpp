#include "values.hpp"

#include <heddle/panic.hpp>
#include <string>
#include <string_view>

namespace heddle::adapter {
namespace {

const heddle_host* the_host = nullptr;

panic::Payload payload_of(const heddle_outcome& out) {
  const std::string_view text(out.text, out.text_length);
  switch (out.payload) {
    case HEDDLE_PAYLOAD_LITERAL:
      return panic::Payload(text);
    case HEDDLE_PAYLOAD_STRING:
      return panic::Payload(std::string(text));
    default:
      return panic::Payload(Value(out.value));
  }
}

}  // namespace

void set_host(const heddle_host* host) {
  the_host = host;
}

const heddle_host& host() {
  return *the_host;
}

heddle_cookie settle(const heddle_outcome& out) {
  switch (out.tag) {
    case HEDDLE_PANICKED:
      panic::panic_with(payload_of(out), panic::Location::current());
    case HEDDLE_RESUMED:
      panic::resume_unwind(payload_of(out));
    default:
      return out.value;
  }
}

Value::~Value() noexcept(false) {
  if (cookie_ != 0) {
    heddle_outcome out{};
    host().dropped(cookie_, this, &out);
    settle(out);
  }
}

Value Closure::run(void* argument) const {
  Value result;
  run_into(result, argument);
  return result;
}

std::string Closure::run_for_text() const {
  heddle_outcome out{};
  body_(env_.cookie(), nullptr, &out);
  if (out.tag == HEDDLE_ENTER) {
    const Value local(out.value);
    return Closure(out.next, out.next_env).run_for_text();
  }
  const Value dropped(settle(out));
  return {out.text, out.text_length};
}

void Closure::run_into(Value& result, void* argument) const {
  heddle_outcome out{};
  body_(env_.cookie(), argument, &out);
  if (out.tag == HEDDLE_ENTER) {
    const Value local(out.value);
    const Closure next(out.next, out.next_env);
    next.run_into(result, argument);
  } else {
    result = Value(settle(out));
  }
}

}  // namespace heddle::adapter
