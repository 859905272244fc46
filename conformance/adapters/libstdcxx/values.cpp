#include "values.hpp"

#include <cxxabi.h>

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

namespace heddle::libstdcxx {
namespace {

// The exception for opaque payloads. Exceptions must be copyable, so the owner is shared.
struct Opaque {
  std::shared_ptr<Stored> owner;
};
struct Literal {
  std::string_view text;
};

}  // namespace

void settle(const heddle_outcome& outcome) {
  if (outcome.tag == HEDDLE_RETURNED) {
    return;
  }
  const std::string_view text{outcome.text, outcome.text_length};
  switch (outcome.payload) {
    case HEDDLE_PAYLOAD_OPAQUE:
      throw Opaque{std::make_shared<Stored>(outcome.value)};
    case HEDDLE_PAYLOAD_LITERAL:
      throw Literal{text};
    case HEDDLE_PAYLOAD_STRING:
      throw std::string{text};
    default:
      throw std::invalid_argument{"the suite asked for a panic with an unknown payload"};
  }
}

heddle_cookie complete(heddle_cookie env, heddle_body body, void* argument) {
  Stored value{0};
  {
    const Local captured{env};
    heddle_outcome outcome{};
    body(env, argument, &outcome);
    if (outcome.tag == HEDDLE_ENTER) {
      const Local local{outcome.value};
      value.adopt(complete(outcome.next_env, outcome.next, argument));
    } else {
      settle(outcome);
      value.adopt(outcome.value);
    }
  }  // if a destructor throws here, the value still has an owner that reports its death
  return value.release();
}

void write_text(std::string_view text, heddle_outcome& outcome) {
  outcome.text = suite->keep_text(text.data(), text.size());
  outcome.text_length = text.size();
}

void write_exception(heddle_tag tag, heddle_outcome& outcome) {
  outcome.tag = tag;
  try {
    throw;
  } catch (const abi::__forced_unwind&) {
    throw;
  } catch (const Opaque& panic) {
    outcome.payload = HEDDLE_PAYLOAD_OPAQUE;
    outcome.value = panic.owner->release();
  } catch (const Literal& panic) {
    outcome.payload = HEDDLE_PAYLOAD_LITERAL;
    write_text(panic.text, outcome);
  } catch (const std::string& panic) {
    outcome.payload = HEDDLE_PAYLOAD_STRING;
    write_text(panic, outcome);
  } catch (const std::exception& exception) {
    outcome.payload = HEDDLE_PAYLOAD_FOREIGN;
    write_text(exception.what(), outcome);
  } catch (...) {
    outcome.payload = HEDDLE_PAYLOAD_FOREIGN;
  }
}

}  // namespace heddle::libstdcxx
