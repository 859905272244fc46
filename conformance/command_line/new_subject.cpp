#include "command_line/new_subject.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "command_line/options.hpp"
#include "command_line/say.hpp"
#include "program/shell_words.hpp"

namespace heddle::conformance {
namespace {

namespace fs = std::filesystem;

struct ProjectFile {
  std::string_view language;
  std::string_view name;
  std::string_view text;
};

// The files of conformance/adapters/new.
constexpr auto project_files = std::to_array<ProjectFile>({
#include "new_subject_files.inc"
});

// Makes the folder. Returns what is wrong with it, or nothing.
std::string make_empty(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    return fmt::format("cannot make the folder {}: {}", folder.string(), error.message());
  }
  const bool empty = fs::is_empty(folder, error);
  if (error) {
    return fmt::format("cannot read the folder {}: {}", folder.string(), error.message());
  }
  return empty ? "" : fmt::format("{} is not empty: name a new folder", folder.string());
}

std::string word_below(const fs::path& folder, std::string_view name) {
  return inject::shell_word((folder / name).string());
}

std::string build_command(std::string_view language, const std::string& folder) {
  if (language == "rust" || language == "d") {
    return fmt::format("sh {}", word_below(folder, "build.sh"));
  }
  const std::string build = word_below(folder, "build");
  return fmt::format("cmake -S {} -B {} && cmake --build {}", inject::shell_word(folder), build,
                     build);
}

}  // namespace

int write_new_subject(std::string_view language, const std::string& folder) {
  if (const std::string mistake = make_empty(folder); !mistake.empty()) {
    return complain(exit_usage, mistake);
  }
  std::string written;
  for (const ProjectFile& file : project_files) {
    if (file.language != language) {
      continue;
    }
    const fs::path path = fs::path(folder) / file.name;
    std::ofstream stream(path);
    stream << file.text;
    if (!stream.flush()) {
      return complain(exit_usage, fmt::format("cannot write {}", path.string()));
    }
    written += fmt::format("wrote {}\n", path.string());
  }
  return print(fmt::format(
      "{}Next:\n"
      "  {}\n"
      "  heddle-conform {} --smoke\n",
      written, build_command(language, folder), word_below(folder, "build/libsubject.so")));
}

}  // namespace heddle::conformance
