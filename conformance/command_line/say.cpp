#include "command_line/say.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "command_line/options.hpp"

namespace heddle::conformance {
namespace {

// Writes all of the text, and returns errno or 0. Uses write(2) alone: a stream would keep what it
// could not write, and fmt::print would throw.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

int print(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  return error == 0 ? exit_conforming
                    : complain(exit_internal, fmt::format("cannot write to standard output: {}",
                                                          std::strerror(error)));
}

void print_error(std::string_view text) {
  static_cast<void>(write_all(STDERR_FILENO, text));
}

int complain(int exit_code, std::string_view message) {
  print_error(fmt::format("heddle-conform: {}\n", message));
  return exit_code;
}

}  // namespace heddle::conformance
