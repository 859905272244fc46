#include "page.hpp"

#include <fstream>
#include <span>
#include <sstream>
#include <stdexcept>

#include "support/text_lines.hpp"

namespace heddle::tests {
namespace {

using Lines = std::span<const std::string>;

bool stands_for_any(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(' ');
  return begin != std::string::npos && line.substr(begin) == "...";
}

bool matches(Lines shown, Lines printed) {
  if (shown.empty()) {
    return printed.empty();
  }
  if (stands_for_any(shown.front())) {
    for (std::size_t skipped = 0; skipped <= printed.size(); ++skipped) {
      if (matches(shown.subspan(1), printed.subspan(skipped))) {
        return true;
      }
    }
    return false;
  }
  return !printed.empty() && shown.front() == printed.front() &&
         matches(shown.subspan(1), printed.subspan(1));
}

}  // namespace

std::vector<std::string> page(const std::string& name) {
  std::ifstream file(HEDDLE_SOURCE "/" + name);
  if (!file) {
    throw std::runtime_error(name + " cannot be read");
  }
  std::ostringstream text;
  text << file.rdbuf();
  return lines_of(text.str());
}

std::vector<ShownBlock> shown_blocks(const std::string& name) {
  std::vector<ShownBlock> blocks;
  bool fenced = false;
  for (const std::string& line : page(name)) {
    if (line.starts_with("```")) {
      fenced = !fenced;
      if (fenced) {
        blocks.emplace_back();
      }
    } else if (fenced && line.starts_with("$ ")) {
      blocks.back().push_back({line.substr(2), {}});
    } else if (fenced && !blocks.back().empty()) {
      blocks.back().back().output.push_back(line);
    }
  }
  std::erase_if(blocks, [](const ShownBlock& block) { return block.empty(); });
  return blocks;
}

bool is_shown(const std::vector<std::string>& shown, const std::vector<std::string>& printed) {
  return matches(shown, printed);
}

}  // namespace heddle::tests
