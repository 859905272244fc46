#include "runner/subject_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "program/shell_words.hpp"
#include "runner/descriptor.hpp"
#include "runner/elf_file.hpp"

namespace heddle::conformance {
namespace {

std::string beside_executable(std::string_view name) {
  return (std::filesystem::path(own_executable()).parent_path().parent_path() /
          HEDDLE_INSTALL_LIBDIR / "heddle" / name)
      .string();
}

}  // namespace

tl::expected<SubjectFile, std::string> find_subject(const std::string& given,
                                                    const std::string& invoked_as) {
  const Descriptor file(::open(given.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return tl::unexpected(
        fmt::format("cannot open the subject {}: {}", given, std::strerror(errno)));
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return tl::unexpected(fmt::format("the subject {} is not a file", given));
  }
  std::error_code error;
  const auto path = std::filesystem::absolute(given, error);
  return SubjectFile{.given = given,
                     .command = inject::shell_words(std::array{invoked_as, given}),
                     .path = error ? given : path.string(),
                     .program = has_interpreter(given) && (status.st_mode & S_IXUSR) != 0};
}

SubjectFile own_program(const std::string& invoked_as) {
  return {.given = invoked_as,
          .command = inject::shell_word(invoked_as),
          .path = own_executable(),
          .program = true};
}

std::string own_executable() {
  // The link's target rather than the link itself, which Valgrind 3.19 cannot start.
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string("/proc/self/exe") : path.string();
}

std::string default_subject() {
  return beside_executable("libheddle-reference.so");
}

std::string injector_shim() {
  return beside_executable("libheddle-inject.so");
}

}  // namespace heddle::conformance
