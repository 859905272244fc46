#include "runner/preload.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <link.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "runner/subject_file.hpp"

namespace heddle::conformance {
namespace {

// Returns the sanitizer's run time in this process, if any. It must come first in LD_PRELOAD, or it
// refuses to start.
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

// Set for a program that was executed again: a "1" and the LD_PRELOAD that the first execution
// inherited.
constexpr const char* restart_marker = "HEDDLE_CONFORM_EXECUTED_AGAIN";

const char* inherited_preload() {
  const char* const inherited = std::getenv("LD_PRELOAD");
  return inherited == nullptr ? "" : inherited;
}

}  // namespace

Preload::Preload(const std::string& library, std::string behind) : behind_(std::move(behind)) {
  if (library.empty()) {
    return;
  }
  library_ = Descriptor(::open(library.c_str(), O_RDONLY | O_CLOEXEC));
  if (library_.get() < 0) {
    throw std::system_error(errno, std::generic_category(), "the injector " + library);
  }
}

void Preload::apply() const {
  for (const char* const variable : {"RUST_BACKTRACE", "RUST_LIB_BACKTRACE", "RUST_MIN_STACK"}) {
    ::unsetenv(variable);
  }
  // LD_PRELOAD is split at spaces and colons. An install prefix may contain either; the name of a
  // descriptor contains neither. The name has the process's number rather than "self", because a
  // debugger, too, opens the library by this name, and would otherwise find a descriptor of its
  // own.
  std::vector<std::string> libraries;
  if (library_.get() >= 0) {
    libraries = {sanitizer_runtime(), fmt::format("/proc/{}/fd/{}", ::getpid(), library_.get())};
    // The loader opens the descriptor by name in the new program.
    static_cast<void>(::fcntl(library_.get(), F_SETFD, 0));  // an open descriptor: cannot fail
  }
  libraries.push_back(behind_);
  std::erase(libraries, "");
  if (libraries.empty()) {
    return;
  }
  libraries.emplace_back(inherited_preload());
  std::erase(libraries, "");
  ::setenv("LD_PRELOAD", fmt::format("{}", fmt::join(libraries, ":")).c_str(), 1);
}

std::string execute_again(const std::string& library, char** argv) {
  if (was_executed_again()) {
    return "the injector " + library + " was not loaded into this program when it was executed";
  }
  ::setenv(restart_marker, (std::string("1") + inherited_preload()).c_str(), 1);
  const Preload preload(library);  // lives until the other program is executed
  preload.apply();
  ::execv(own_executable().c_str(), argv);
  return fmt::format("this program cannot be executed again with the injector: {}",
                     std::strerror(errno));
}

bool was_executed_again() {
  static const bool answer = [] {
    const char* const marker = std::getenv(restart_marker);
    if (marker == nullptr || *marker == '\0') {
      return false;
    }
    const std::string inherited = marker + 1;
    if (inherited.empty()) {
      ::unsetenv("LD_PRELOAD");
    } else {
      ::setenv("LD_PRELOAD", inherited.c_str(), 1);
    }
    ::unsetenv(restart_marker);
    return true;
  }();
  return answer;
}

}  // namespace heddle::conformance
