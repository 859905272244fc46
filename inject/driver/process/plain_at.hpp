// plain_at.hpp: the structures in a binary file's content, which may be damaged.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace heddle::inject {

/// Reads a plain structure at an offset of the content; all zero if the content is too short.
template <typename Plain>
Plain plain_at(std::string_view content, std::uint64_t offset) {
  Plain plain{};
  if (offset <= content.size() && content.size() - offset >= sizeof plain) {
    std::memcpy(&plain, content.data() + offset, sizeof plain);
  }
  return plain;
}

}  // namespace heddle::inject
