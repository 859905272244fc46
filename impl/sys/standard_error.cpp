#include "sys/standard_error.hpp"

#include <unistd.h>

#include "sys/standard_stream.hpp"

namespace heddle::sys {

void write_standard_error(std::string_view text) noexcept {
  // A failure is ignored: there is nowhere left to report it, and the caller has to go on.
  static_cast<void>(write_standard_stream(STDERR_FILENO, text));
}

}  // namespace heddle::sys
