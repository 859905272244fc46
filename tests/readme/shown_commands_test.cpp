// The commands of the first pages print what the pages say.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "page.hpp"
#include "support/catch.hpp"
#include "support/program_run.hpp"
#include "support/text_lines.hpp"

namespace heddle::tests {
namespace {

namespace fs = std::filesystem;

/// A folder like a reader's: a broken runtime lies in it, and PATH leads to Heddle's programs.
class ReadersFolder {
 public:
  ReadersFolder() {
    std::string pattern = (fs::temp_directory_path() / "heddle-readme-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error("mkdtemp failed");
    }
    path_ = pattern;
    fs::create_directory(path_ / "tools");
    fs::copy_file(HEDDLE_BROKEN_RUNTIME, path_ / "libmine.so");
  }
  ReadersFolder(const ReadersFolder&) = delete;
  ReadersFolder& operator=(const ReadersFolder&) = delete;
  ~ReadersFolder() {
    std::error_code error;  // what cannot be removed is left in the system's temporary folder
    fs::remove_all(path_, error);
  }

  /// Lets commands find this program under `name`.
  void offer(const std::string& name, const fs::path& program) {
    fs::create_symlink(program, path_ / "tools" / name);
  }

  ProgramRun run(const std::string& command) const {
    return run_program({"/bin/sh", "-c", "exec 2>&1; " + command}, [this] {
      const char* const path = std::getenv("PATH");
      setenv("PATH",
             ((path_ / "tools").string() + ":" HEDDLE_PROGRAMS ":" + (path == nullptr ? "" : path))
                 .c_str(),
             1);
      setenv("LC_ALL", "C", 1);
      if (chdir(path_.c_str()) != 0) {
        _exit(127);
      }
    });
  }

 private:
  fs::path path_;
};

/// Offers the compiler whose library the pages name. False where it is not installed.
bool offer_rust(ReadersFolder& folder) {
  const fs::path debians = "/usr/bin/rustc";
  const ProgramRun version = folder.run(debians.string() + " --version");
  if (!version.standard_output.starts_with("rustc 1.63.")) {
    return false;
  }
  folder.offer("rustc", debians);
  return true;
}

bool uses(const ShownBlock& block, const std::string& program) {
  for (const ShownCommand& shown : block) {
    if ((" " + shown.command + " ").find(" " + program + " ") != std::string::npos) {
      return true;
    }
  }
  return false;
}

bool can_be_run(const ShownBlock& block, ReadersFolder& folder) {
  if (uses(block, "rustc") && !offer_rust(folder)) {
    WARN("skipped: rustc 1.63 is not installed");
    return false;
  }
  if (uses(block, "xz") && folder.run("xz --version").status != 0) {
    WARN("skipped: xz is not installed");
    return false;
  }
  if (uses(block, "--raw") && folder.run("heddle-inject run --raw -- true").status == 2) {
    WARN("skipped: the kernel has no dispatch of system calls");
    return false;
  }
  return true;
}

/// Runs the page's blocks, each in a folder of its own, and returns how many were shown.
std::size_t check_blocks(const std::string& name) {
  const std::vector<ShownBlock> blocks = shown_blocks(name);
  for (const ShownBlock& block : blocks) {
    ReadersFolder folder;
    if (!can_be_run(block, folder)) {
      continue;
    }
    for (const ShownCommand& shown : block) {
      const ProgramRun run = folder.run(shown.command);
      INFO(name << ": " << shown.command << '\n' << run.standard_output);
      CHECK(is_shown(shown.output, lines_of(run.standard_output)));
    }
  }
  return blocks.size();
}

TEST_CASE("an ellipsis stands for any lines, and nothing else does") {
  CHECK(is_shown({"a", "  ...", "d"}, {"a", "b", "c", "d"}));
  CHECK(is_shown({"a", "..."}, {"a"}));
  CHECK_FALSE(is_shown({"a", "...", "c"}, {"a", "b"}));
  CHECK_FALSE(is_shown({"a"}, {"a", "b"}));
  CHECK_FALSE(is_shown({"a", "b"}, {"a"}));
}

TEST_CASE("the first page shows what a broken runtime and a broken program look like") {
  CHECK(check_blocks("README.md") == 2);
}

TEST_CASE("the injector's first page shows a failed call and a finding") {
  CHECK(check_blocks("inject/README.md") == 2);
}

TEST_CASE("the chapter about the raw layer shows a failed system call") {
  CHECK(check_blocks("inject/docs/raw_layer.md") == 1);
}

}  // namespace
}  // namespace heddle::tests
