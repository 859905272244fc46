#include "heddle/sys/fatal.hpp"

#include <cstdlib>
#include <string>

#include "heddle/error.hpp"
#include "sys/standard_error.hpp"

namespace heddle::sys {

void fatal(std::string_view message) noexcept {
  write_standard_error("heddle: fatal: " + std::string(message) + "\n");
  std::abort();
}

void fatal_call(std::string_view call, int error) noexcept {
  const std::string name(call);
  fatal(Error(name.c_str(), error).message() + ", which it should never answer");
}

}  // namespace heddle::sys
