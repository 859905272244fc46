#include "outcomes.hpp"

#include <string>

namespace heddle::adapter {
namespace {

void set_text(heddle_outcome& out, std::string_view text) {
  out.text = host().keep_text(text.data(), text.size());
  out.text_length = text.size();
}

}  // namespace

heddle_outcome returned(std::uint64_t value) {
  heddle_outcome out{};
  out.value = value;
  return out;
}

heddle_outcome returned_handle(void* handle) {
  heddle_outcome out{};
  out.handle = handle;
  return out;
}

heddle_outcome returned_text(std::string_view text) {
  heddle_outcome out = returned(1);
  set_text(out, text);
  return out;
}

heddle_outcome failed(const Error& error) {
  heddle_outcome out{};
  out.tag = HEDDLE_FAILED;
  out.os_error = error.raw_os_error();
  set_text(out, error.message());
  return out;
}

heddle_outcome no_access() {
  heddle_outcome out{};
  out.tag = HEDDLE_NO_ACCESS;
  set_text(out, thread::AccessError::message());
  return out;
}

heddle_outcome panicked(heddle_tag tag, panic::Payload payload) {
  heddle_outcome out{};
  out.tag = tag;
  if (auto* const value = payload.downcast_ref<Value>()) {
    out.payload = HEDDLE_PAYLOAD_OPAQUE;
    out.value = value->release();
  } else if (payload.is<std::string_view>()) {
    out.payload = HEDDLE_PAYLOAD_LITERAL;
    set_text(out, *payload.text());
  } else if (payload.is<std::string>()) {
    out.payload = HEDDLE_PAYLOAD_STRING;
    set_text(out, *payload.text());
  } else {
    out.payload = HEDDLE_PAYLOAD_FOREIGN;
  }
  return out;
}

heddle_outcome ended(thread::Result<Value> result) {
  return result ? returned(result.value().release())
                : panicked(HEDDLE_CAUGHT, std::move(result).error());
}

heddle_outcome joined(Slot<thread::Result<Value>> result) {
  if (!result) {
    heddle_outcome out{};
    out.tag = HEDDLE_ABSENT;
    return out;
  }
  return ended(result.take());
}

}  // namespace heddle::adapter
