// A hash of texts, for reports and replay tokens. It is the same on every machine.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace heddle::conformance {

/// FNV-1a with 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/) over texts, each with its end
/// marked. Not for secrets.
class Hash {
 public:
  void add(std::string_view text) {
    for (const char letter : text) {
      add_byte(static_cast<unsigned char>(letter));
    }
    add_byte(0xff);  // no byte of UTF-8, so that "a","bc" and "ab","c" differ
  }
  std::uint64_t number() const { return value_; }
  std::string hex() const { return fmt::format("{:016x}", value_); }

 private:
  void add_byte(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3; }
  std::uint64_t value_ = 0xcbf29ce484222325;
};

}  // namespace heddle::conformance
