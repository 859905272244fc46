#include "plan/system_error.hpp"

#include <cerrno>
#include <cstring>

namespace heddle::inject {

std::string describe_system_error(int error) {
  const std::string words = std::strerror(error);
  switch (error) {
    case EFBIG:
      return words + ": raise the limit on the size of files (ulimit -f)";
    case EMFILE:
      return words + ": raise the limit on open files (ulimit -n)";
    case EAGAIN:
      return words + ": raise the limit on processes (ulimit -u), or end some";
    default:
      return words;
  }
}

}  // namespace heddle::inject
