// The lines of what a program or a page says.
#pragma once

#include <sstream>
#include <string>
#include <vector>

namespace heddle::tests {

/// Returns the lines without their newlines.
inline std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

}  // namespace heddle::tests
