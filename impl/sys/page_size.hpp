// The unit in which memory is mapped and protected.
#pragma once

#include <cstddef>

namespace heddle::sys {

/// In bytes, a power of two.
std::size_t page_size() noexcept;

/// `size` in whole pages; a size that is too large for that wraps to 0.
std::size_t rounded_up_to_page(std::size_t size) noexcept;

}  // namespace heddle::sys
