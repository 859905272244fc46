// The files, folders and headings that the pages name are there.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <regex>

#include "page.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

namespace fs = std::filesystem;

const fs::path source = HEDDLE_SOURCE;

/// All pages, as paths from the top of the tree.
std::vector<std::string> pages() {
  std::vector<std::string> found{"README.md", "CONTRIBUTING.md"};
  for (const char* const folder : {"conformance", "fuzz", "impl", "inject"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(source / folder)) {
      if (entry.path().extension() == ".md") {
        found.push_back(fs::relative(entry.path(), source));
      }
    }
  }
  return found;
}

/// The anchor that a heading gets where the page is shown: its letters, and a dash for each space.
std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const char character : heading.substr(heading.find(' ') + 1)) {
    if (character == ' ') {
      anchor += '-';
    } else if (std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '-' ||
               character == '_') {
      anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
    }
  }
  return anchor;
}

bool has_heading(const std::string& name, const std::string& anchor) {
  const std::vector<std::string> lines = page(name);
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
    return line.starts_with("#") && anchor_of(line) == anchor;
  });
}

TEST_CASE("links lead to files and headings of the tree") {
  const std::regex link(R"(\]\(([^)#:]+)(#([^)]*))?\))");
  std::size_t links = 0;
  for (const std::string& name : pages()) {
    for (const std::string& line : page(name)) {
      for (std::sregex_iterator match(line.begin(), line.end(), link), end; match != end; ++match) {
        const fs::path target = fs::path(name).parent_path() / (*match)[1].str();
        INFO(name << ": " << line);
        CHECK(fs::exists(source / target));
        CHECK(((*match)[3].length() == 0 || has_heading(target, (*match)[3])));
        ++links;
      }
    }
  }
  CHECK(links > 20);  // none found would pass as well
}

/// Pages say a path from the top of the tree, from their own folder or the one above, or as an
/// #include does.
bool is_there(const fs::path& own_folder, const std::string& path) {
  for (const fs::path& folder :
       {source, own_folder, own_folder.parent_path(), own_folder / "include/heddle",
        source / "conformance/include", source / "inject/include"}) {
    if (fs::exists(folder / path)) {
      return true;
    }
  }
  return false;
}

// A path stands between backquotes, and has a folder and the suffix of a source file.
TEST_CASE("source files that are named by their paths are there") {
  const std::regex named("`([a-z_./]+/[a-z_]+\\.(?:h|hpp|cpp|rs|S|map|txt))`");
  std::size_t paths = 0;
  for (const std::string& name : pages()) {
    const fs::path own = source / fs::path(name).parent_path();
    for (const std::string& line : page(name)) {
      for (std::sregex_iterator match(line.begin(), line.end(), named), end; match != end;
           ++match) {
        const std::string path = (*match)[1];
        INFO(name << ": " << path);
        CHECK(is_there(own, path));
        ++paths;
      }
    }
  }
  CHECK(paths > 20);  // none found would pass as well
}

}  // namespace
}  // namespace heddle::tests
