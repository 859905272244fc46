#include <string>
#include <system_error>

#include "heddle/error.hpp"

namespace heddle {

std::string Error::message() const {
  return std::string(call_) + ": " + std::generic_category().message(code_) + " (os error " +
         std::to_string(code_) + ")";
}

}  // namespace heddle
