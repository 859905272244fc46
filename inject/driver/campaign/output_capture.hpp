// output_capture.hpp: what a run wrote to one stream, in bounded memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace heddle::inject {

/// Keeps the length and a hash of everything that was written, and the beginning and end of the
/// text.
class OutputCapture {
 public:
  static constexpr std::size_t head_size = 1U << 20;
  static constexpr std::size_t tail_size = 64U << 10;

  void add(std::string_view part);

  std::uint64_t size() const { return size_; }
  std::uint64_t hash() const { return hash_; }

  /// The first head_size bytes.
  const std::string& head() const { return head_; }

  /// The end of the text: at least its last tail_size bytes if it is longer than head_size;
  /// otherwise all of it.
  std::string_view tail() const { return size_ <= head_.size() ? head_ : tail_; }

  /// Says whether head() is all that was written.
  bool is_whole() const { return size_ == head_.size(); }

  bool same_as(const OutputCapture& other) const {
    return size_ == other.size_ && hash_ == other.hash_;
  }

 private:
  std::uint64_t size_ = 0;
  std::uint64_t hash_ = UINT64_C(14695981039346656037);  // FNV-1a, 64 bits
  std::string head_;
  std::string tail_;
};

}  // namespace heddle::inject
