#include "memory/memory_error.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace heddle::inject {
namespace {

/// How many frames tell where an error comes from. Allocation functions of a program's own take one
/// or two of them.
constexpr std::size_t telling_frames = 4;

/// Names the place by what stays when a library is loaded elsewhere.
std::string identify(const CodePlace& place) {
  return place.function.empty() ? fmt::format("{}+{:x}", place.object, place.address)
                                : fmt::format("{}:{}:{}", place.object, place.function, place.line);
}

}  // namespace

bool is_leak(const MemoryError& error) {
  return error.kind.starts_with("Leak_");
}

std::string place_of(const MemoryError& error) {
  std::string place = error.kind;
  const std::size_t count = std::min(error.stack.size(), telling_frames);
  for (std::size_t index = 0; index < count; ++index) {
    place += ' ' + identify(error.stack[index]);
  }
  return place;
}

std::string describe_amount(const std::vector<MemoryError>& leaks) {
  std::uint64_t bytes = 0;
  std::uint64_t blocks = 0;
  for (const MemoryError& leak : leaks) {
    bytes += leak.bytes;
    blocks += leak.blocks;
  }
  return fmt::format("{} byte{} in {} block{}", bytes, bytes == 1 ? "" : "s", blocks,
                     blocks == 1 ? "" : "s");
}

void add(MemoryLook& look, MemoryLook other) {
  look.errors.insert(look.errors.end(), std::make_move_iterator(other.errors.begin()),
                     std::make_move_iterator(other.errors.end()));
  if (look.fatal_stack.empty()) {
    look.fatal_stack = std::move(other.fatal_stack);
  }
  if (look.failure.empty()) {
    look.failure = std::move(other.failure);
  }
}

}  // namespace heddle::inject
