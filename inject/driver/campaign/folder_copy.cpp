#include "campaign/folder_copy.hpp"

#include <fmt/core.h>
#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "plan/system_error.hpp"

namespace heddle::inject {

tl::expected<FolderCopy, std::string> FolderCopy::of(const std::string& original) {
  FolderCopy copy;
  if (original.empty()) {
    return copy;
  }
  std::string pattern = (std::filesystem::temp_directory_path() / "heddle-inject-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    return tl::unexpected(fmt::format("cannot make {}: {}", pattern, describe_system_error(errno)));
  }
  copy.path_ = pattern;
  std::error_code error;
  std::filesystem::copy(
      original, copy.path_,
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks,
      error);
  if (error) {
    return tl::unexpected(fmt::format("cannot copy {}: {}", original, error.message()));
  }
  return copy;
}

FolderCopy::FolderCopy(FolderCopy&& other) noexcept : path_(std::exchange(other.path_, {})) {}

FolderCopy::~FolderCopy() {
  std::error_code error;  // what cannot be removed is left in the system's temporary folder
  if (!path_.empty()) {
    std::filesystem::remove_all(path_, error);
  }
}

}  // namespace heddle::inject
