#include "sys/standard_error.hpp"

#include <unistd.h>

#include <cerrno>

namespace heddle::sys {

void write_standard_error(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      // Closed, full or broken (EBADF, ENOSPC, EPIPE, EIO, EAGAIN): there is nowhere left to say
      // so, and what is being reported matters more than that it was not heard.
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace heddle::sys
