// An input of libFuzzer's, taken apart from its beginning.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace heddle::fuzz {

/// Bytes that are taken one after the other. Every sequence of bytes can be taken as anything; what
/// lies beyond the end is '0'. A digit stands for its own number, so that an input can be written
/// by hand.
class Input {
 public:
  explicit Input(std::string_view bytes) : bytes_(bytes) {}

  bool is_empty() const { return bytes_.empty(); }

  char next() {
    if (bytes_.empty()) {
      return '0';
    }
    const char byte = bytes_.front();
    bytes_.remove_prefix(1);
    return byte;
  }

  /// Takes a byte as a number below `end`, which is between 1 and 256.
  std::size_t below(std::size_t end) { return static_cast<std::uint8_t>(next() - '0') % end; }

  bool flag() { return below(2) == 1; }

  /// Takes spaces and ends of lines, between parts of an input that is written by hand.
  void skip_blanks() {
    const std::size_t first = bytes_.find_first_not_of(" \n");
    bytes_.remove_prefix(std::min(first, bytes_.size()));
  }

  /// Takes the bytes up to this one, which is taken as well.
  std::string_view text_up_to(char end) {
    const std::size_t length = bytes_.find(end);
    const std::string_view text = bytes_.substr(0, length);
    bytes_.remove_prefix(length == bytes_.npos ? bytes_.size() : length + 1);
    return text;
  }

 private:
  std::string_view bytes_;
};

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace heddle::fuzz
