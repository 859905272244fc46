// test_folder.hpp: a place for the files of one test.
#pragma once

#include <filesystem>
#include <string>

namespace heddle::tests {

/// A folder for a test's own files, removed with this object.
class TestFolder {
 public:
  /// Throws std::runtime_error when there can be none.
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::filesystem::path file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace heddle::tests
