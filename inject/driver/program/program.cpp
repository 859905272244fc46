#include "program/program.hpp"

#include <elf.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

#include "process/processor.hpp"

namespace heddle::inject {
namespace {

using Checked = tl::expected<void, std::string>;

bool is_executable_file(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

/// Reads a plain structure at an offset; false when the file is too short.
template <typename Plain>
bool read_at(std::ifstream& file, std::uint64_t offset, Plain& plain) {
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(reinterpret_cast<char*>(&plain), sizeof plain);
  return file.good();
}

/// Returns the dynamic linker that the program asks for, if any.
std::optional<std::string> interpreter_of(std::ifstream& file, const Elf64_Ehdr& header) {
  for (unsigned index = 0; index < header.e_phnum; ++index) {
    Elf64_Phdr segment{};
    if (!read_at(file, header.e_phoff + std::uint64_t{index} * header.e_phentsize, segment)) {
      return std::nullopt;
    }
    if (segment.p_type == PT_INTERP && segment.p_filesz < 4096) {
      std::string path(segment.p_filesz, '\0');
      file.seekg(static_cast<std::streamoff>(segment.p_offset));
      file.read(path.data(), static_cast<std::streamsize>(path.size()));
      return path.c_str();  // without the terminator that the segment counts
    }
  }
  return std::nullopt;
}

Checked check_privileges(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    return tl::unexpected(fmt::format("cannot look at {}: {}", path, std::strerror(errno)));
  }
  const bool changes_user = (status.st_mode & S_ISUID) != 0 && status.st_uid != geteuid();
  const bool changes_group = (status.st_mode & S_ISGID) != 0 && status.st_gid != getegid();
  const bool has_capabilities = getxattr(path.c_str(), "security.capability", nullptr, 0) > 0;
  if (changes_user || (changes_group && geteuid() != 0) || (has_capabilities && geteuid() != 0)) {
    return tl::unexpected(
        fmt::format("{} gains privileges when it starts, and ignores preloaded libraries then: "
                    "run it as its owner, or take the privileges away",
                    path));
  }
  return {};
}

Checked check_elf(const std::string& path, std::ifstream& file) {
  Elf64_Ehdr header{};
  if (!read_at(file, 0, header) || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_machine != elf_machine) {
    return tl::unexpected(
        fmt::format("{} is not a program for {}: only such can be run", path, processor_name));
  }
  const std::optional<std::string> interpreter = interpreter_of(file, header);
  if (!interpreter) {
    return tl::unexpected(fmt::format(
        "{} is statically linked, so no library can be preloaded and no rule could ever fire: "
        "link it dynamically",
        path));
  }
  if (interpreter->find(dynamic_linker) == std::string::npos) {
    return tl::unexpected(fmt::format(
        "{} is started by {}, not by glibc's dynamic linker, so the library, which needs glibc, "
        "cannot be preloaded: build it for glibc",
        path, *interpreter));
  }
  return check_privileges(path);
}

}  // namespace

tl::expected<std::string, std::string> find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (is_executable_file(name)) {
      return name;
    }
    const bool exists = access(name.c_str(), F_OK) == 0;
    return tl::unexpected(
        exists ? fmt::format("cannot run {}: not an executable file: check its mode", name)
               : fmt::format("cannot run {}: {}: check its path", name, std::strerror(errno)));
  }
  const char* const search = std::getenv("PATH");
  std::istringstream folders(search != nullptr ? search : "/bin:/usr/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string candidate = (folder.empty() ? "." : folder) + '/' + name;
    if (is_executable_file(candidate)) {
      return candidate;
    }
  }
  return tl::unexpected(
      fmt::format("cannot run {}: no such program in PATH: name it with its folder", name));
}

tl::expected<void, std::string> check_preloadable(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, SELFMAG> magic{};
  if (!file || !read_at(file, 0, magic)) {
    // A file that may be run and not read: the kernel alone can check it.
    return access(path.c_str(), R_OK) != 0
               ? Checked{}
               : tl::unexpected(fmt::format("cannot run {}: it is no program", path));
  }
  if (std::memcmp(magic.data(), ELFMAG, SELFMAG) == 0) {
    return check_elf(path, file);
  }
  if (magic[0] != '#' || magic[1] != '!') {
    return tl::unexpected(
        fmt::format("cannot run {}: it begins neither as a program nor with #!", path));
  }
  file.seekg(2);
  std::string interpreter;
  file >> interpreter;
  // The kernel checks a second level of #!.
  std::ifstream second(interpreter, std::ios::binary);
  if (!second || !read_at(second, 0, magic) || std::memcmp(magic.data(), ELFMAG, SELFMAG) != 0) {
    return {};
  }
  return check_elf(interpreter, second);
}

}  // namespace heddle::inject
