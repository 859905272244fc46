#include "runner/preload.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <link.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>

namespace heddle::conformance {
namespace {

// A sanitizer's runtime wants to come first in the list, or it refuses to start.
std::string sanitizer_runtime() {
  std::string found;
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* result) {
        const std::string_view name(info->dlpi_name);
        if (name.find("/libasan.so") != name.npos || name.find("/libtsan.so") != name.npos) {
          *static_cast<std::string*>(result) = name;
        }
        return 0;
      },
      &found);
  return found;
}

}  // namespace

Preload::Preload(const std::string& library) {
  if (library.empty()) {
    return;
  }
  library_ = Descriptor(::open(library.c_str(), O_RDONLY | O_CLOEXEC));
  if (library_.get() < 0) {
    throw std::system_error(errno, std::generic_category(), "the injector " + library);
  }
  // LD_PRELOAD is a list that breaks at spaces and colons, and an install prefix may have either;
  // a descriptor's name has none.
  const std::string runtime = sanitizer_runtime();
  value_ = fmt::format("{}{}/proc/self/fd/{}", runtime, runtime.empty() ? "" : ":", library_.get());
}

void Preload::apply() const {
  for (const char* const variable : {"RUST_BACKTRACE", "RUST_LIB_BACKTRACE", "RUST_MIN_STACK"}) {
    ::unsetenv(variable);
  }
  if (value_.empty()) {
    return;
  }
  const char* const inherited = std::getenv("LD_PRELOAD");
  const std::string list =
      inherited == nullptr || *inherited == '\0' ? value_ : value_ + ":" + inherited;
  ::setenv("LD_PRELOAD", list.c_str(), 1);
  // The loader opens the descriptor by name in the new program.
  static_cast<void>(::fcntl(library_.get(), F_SETFD, 0));  // an open descriptor: cannot fail
}

}  // namespace heddle::conformance
