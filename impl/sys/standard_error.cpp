#include "sys/standard_error.hpp"

#include <unistd.h>

#include "sys/standard_stream.hpp"

namespace heddle::sys {

void write_standard_error(std::string_view text) noexcept {
  // There is nowhere left to say that it failed, and what is being reported matters more than that
  // it was not heard.
  static_cast<void>(write_standard_stream(STDERR_FILENO, text));
}

}  // namespace heddle::sys
