#include "sys/page_size.hpp"

#include <unistd.h>

namespace heddle::sys {

std::size_t page_size() noexcept {
  static const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));  // cannot fail
  return size;
}

std::size_t rounded_up_to_page(std::size_t size) noexcept {
  return (size + page_size() - 1) & ~(page_size() - 1);
}

}  // namespace heddle::sys
