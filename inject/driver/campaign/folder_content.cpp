#include "campaign/folder_content.hpp"

#include <array>
#include <fstream>
#include <system_error>

namespace heddle::inject {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_names = 10000;
constexpr std::uint64_t most_bytes = std::uint64_t{16} << 20;

void read_file(const fs::path& path, OutputCapture& content) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 65536> part{};
  while (file.read(part.data(), part.size()) || file.gcount() > 0) {
    content.add({part.data(), static_cast<std::size_t>(file.gcount())});
  }
}

}  // namespace

FolderContent content_of(const fs::path& folder) {
  FolderContent files;
  std::error_code error;
  constexpr auto skip = fs::directory_options::skip_permission_denied;
  for (auto entry = fs::recursive_directory_iterator(folder, skip, error);
       !error && entry != fs::recursive_directory_iterator() && files.size() < most_names;
       entry.increment(error)) {
    std::error_code gone;
    FileContent& file = files[entry->path().lexically_relative(folder).string()];
    file.type = entry->symlink_status(gone).type();
    if (file.type == fs::file_type::regular) {
      file.size = entry->file_size(gone);
    }
  }
  std::uint64_t bytes = 0;
  for (auto& [name, file] : files) {
    if (file.type == fs::file_type::symlink) {
      std::error_code gone;
      file.content.add(fs::read_symlink(folder / name, gone).string());
      file.is_read = true;
    } else if (file.type == fs::file_type::regular && bytes + file.size <= most_bytes) {
      read_file(folder / name, file.content);
      bytes += file.size;
      file.is_read = true;
    }
  }
  return files;
}

}  // namespace heddle::inject
