#include "plan/system_error.hpp"

#include <cerrno>
#include <cstring>

namespace heddle::inject {

std::string describe_system_error(int error) {
  const std::string words = std::strerror(error);
  return error == EFBIG ? words + ": raise the limit on the size of files (ulimit -f)" : words;
}

}  // namespace heddle::inject
