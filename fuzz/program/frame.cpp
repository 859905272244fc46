#include "program/frame.hpp"

#include <string_view>

namespace heddle::fuzz {
namespace {

// Static, as subject.h asks of the suite's texts.
constexpr std::string_view literal = "a literal";
constexpr std::string_view string = "a string of some length, which a payload owns";

}  // namespace

heddle_outcome Ending::outcome() const {
  heddle_outcome out{};
  out.tag = kind == Kind::resume ? HEDDLE_RESUMED : panics() ? HEDDLE_PANICKED : HEDDLE_RETURNED;
  out.value = value;
  if (kind == Kind::literal || kind == Kind::string) {
    const std::string_view text = kind == Kind::literal ? literal : string;
    out.payload = kind == Kind::literal ? HEDDLE_PAYLOAD_LITERAL : HEDDLE_PAYLOAD_STRING;
    out.text = text.data();
    out.text_length = text.size();
  }
  return out;
}

std::string Ending::words() const {
  switch (kind) {
    case Kind::nothing:
      return "returns";
    case Kind::value:
      return "returns a value";
    case Kind::panic:
      return "panics with a value";
    case Kind::literal:
      return "panics with a literal";
    case Kind::string:
      return "panics with a string";
    default:
      return "resumes a panic";
  }
}

}  // namespace heddle::fuzz
