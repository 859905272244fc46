#include "sys/standard_stream.hpp"

#include <unistd.h>

#include <cerrno>

namespace heddle::sys {

std::optional<Error> write_standard_stream(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (written == 0) {
      return Error("write", EIO);
    } else if (errno == EBADF) {
      return std::nullopt;
    } else if (errno != EINTR) {
      return Error("write", errno);
    }
  }
  return std::nullopt;
}

}  // namespace heddle::sys
