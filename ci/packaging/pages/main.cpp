// heddle_pages: writes the manual pages and the completions of both programs into a folder, laid
// out as below a prefix's share/.
//
//   heddle_pages FOLDER VERSION DATE
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "completions.hpp"
#include "man_page.hpp"

namespace heddle::pages {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::trunc);
  file << text;
  file.close();
  if (!file) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

void write_all(const Command& program, const fs::path& folder, const Release& release) {
  for (const auto& [name, page] : man_pages(program, release)) {
    write(folder / "man/man1" / name, page);
  }
  write(folder / "bash-completion/completions" / program.name, bash_completions(program));
  write(folder / "zsh/site-functions" / ("_" + program.name), zsh_completions(program));
  write(folder / "fish/vendor_completions.d" / (program.name + ".fish"), fish_completions(program));
}

}  // namespace
}  // namespace heddle::pages

int main(int argc, char** argv) {
  using namespace heddle::pages;
  if (argc != 4) {
    static_cast<void>(std::fputs("usage: heddle_pages FOLDER VERSION DATE\n", stderr));
    return 2;
  }
  try {
    for (const Command& program : {describe_inject(), describe_conform()}) {
      write_all(program, argv[1], {argv[2], argv[3]});
    }
  } catch (const std::exception& error) {
    static_cast<void>(std::fprintf(stderr, "heddle_pages: %s\n", error.what()));
    return 1;
  }
  return 0;
}
