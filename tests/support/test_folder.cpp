#include "support/test_folder.hpp"

#include <stdlib.h>

#include <stdexcept>

namespace heddle::tests {

namespace fs = std::filesystem;

TestFolder::TestFolder() {
  std::string pattern = (fs::temp_directory_path() / "heddle-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error("mkdtemp failed");
  }
  path_ = pattern;
}

TestFolder::~TestFolder() {
  std::error_code error;  // what cannot be removed is left in the system's temporary folder
  fs::remove_all(path_, error);
}

}  // namespace heddle::tests
