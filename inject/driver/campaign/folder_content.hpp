// folder_content.hpp: the files that a run has left in its copy of the working folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "campaign/output_capture.hpp"

namespace heddle::inject {

struct FileContent {
  std::filesystem::file_type type = std::filesystem::file_type::none;
  std::uint64_t size = 0;
  bool is_read = false;   // a regular file within the bounds, or a link
  OutputCapture content;  // if it is read; of a link, its target
};

/// The files by their names relative to the folder.
using FolderContent = std::map<std::string, FileContent>;

/// Reads the folder without following links: at most 10,000 names, and, in their order, 16 MiB of
/// content. Later files have only name and size. A file that cannot be read, or vanishes meanwhile,
/// counts as empty.
FolderContent content_of(const std::filesystem::path& folder);

}  // namespace heddle::inject
