// The unit in which memory is mapped and protected.
#pragma once

#include <cstddef>

namespace heddle::sys {

/// Returns the page size in bytes, a power of two.
std::size_t page_size() noexcept;

/// Returns `size` rounded up to whole pages. A size too large for that wraps to 0.
std::size_t rounded_up_to_page(std::size_t size) noexcept;

}  // namespace heddle::sys
