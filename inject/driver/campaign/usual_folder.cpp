#include "campaign/usual_folder.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "campaign/output_difference.hpp"

namespace heddle::inject {
namespace {

/// Returns the first line that speaks of an error and that the usual content lacks.
std::string new_error_message(const OutputCapture& usual, const OutputCapture& seen) {
  const std::vector<std::string_view> known = error_lines_in(usual.head());
  for (const std::string_view line : error_lines_in(seen.head())) {
    if (std::ranges::find(known, line) == known.end()) {
      return std::string(line);
    }
  }
  return {};
}

}  // namespace

void UsualFolder::add(const FolderContent& files) {
  if (is_empty_) {
    is_empty_ = false;
    for (const auto& [name, file] : files) {
      files_[name] = {file, file.is_read ? std::optional(UsualOutput(file.content)) : std::nullopt};
    }
    return;
  }
  const std::size_t gone = std::erase_if(files_, [&](const auto& usual) {
    const auto file = files.find(usual.first);
    return file == files.end() || file->second.type != usual.second.first.type;
  });
  same_names_ = same_names_ && gone == 0 && files.size() == files_.size();
  for (auto& [name, usual] : files_) {
    const FileContent& file = files.at(name);
    usual.has_usual_size = usual.has_usual_size && file.size == usual.first.size;
    if (usual.content && file.is_read) {
      usual.content->add(file.content);
    }
    const bool has_other_words = usual.content && !usual.content->is_comparable();
    if (!file.is_read || has_other_words) {
      usual.content.reset();
    }
    // A file whose words differ has a random size, too.
    usual.has_usual_size = usual.has_usual_size && !has_other_words;
  }
}

std::optional<FileDifference> UsualFolder::difference(const std::string& name,
                                                      const UsualFile& usual,
                                                      const FileContent& seen) {
  if (seen.type != usual.first.type) {
    return FileDifference{name + " is no longer what it was: a file, a folder or a link", {}};
  }
  std::string how;
  if (usual.content && seen.is_read && !usual.content->matches(seen.content)) {
    how = " " + usual.content->difference(seen.content);
  }
  const bool compares_sizes = usual.has_usual_size && (!how.empty() || !usual.content);
  if (compares_sizes && seen.size != usual.first.size) {
    how += fmt::format("{} has {} bytes instead of {}", how.empty() ? "" : ",", seen.size,
                       usual.first.size);
  }
  if (how.empty()) {
    return std::nullopt;
  }
  return FileDifference{name + how, new_error_message(usual.first.content, seen.content)};
}

std::vector<FileDifference> UsualFolder::differences(const FolderContent& seen) const {
  std::vector<FileDifference> found;
  for (const auto& [name, usual] : files_) {
    const auto file = seen.find(name);
    if (file == seen.end()) {
      found.push_back({name + " is missing", {}});
    } else if (auto different = difference(name, usual, file->second)) {
      found.push_back(std::move(*different));
    }
  }
  for (const auto& [name, file] : seen) {
    if (same_names_ && !files_.contains(name)) {
      found.push_back(
          {name + " is left besides the usual files", new_error_message({}, file.content)});
    }
  }
  return found;
}

}  // namespace heddle::inject
