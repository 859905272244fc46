// folder_copy.hpp: the working folder of one run.
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace heddle::inject {

/// A fresh copy of a folder, removed with this object.
class FolderCopy {
 public:
  /// Copies the folder; an empty `original` asks for no copy. On failure, returns what failed.
  static tl::expected<FolderCopy, std::string> of(const std::string& original);

  FolderCopy(FolderCopy&& other) noexcept;
  FolderCopy& operator=(FolderCopy&&) = delete;
  ~FolderCopy();

  /// The copy's path; empty without a copy.
  const std::string& path() const { return path_; }

 private:
  FolderCopy() = default;
  std::string path_;
};

}  // namespace heddle::inject
