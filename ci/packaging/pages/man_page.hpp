// man_page.hpp: manual pages in the macros of man(7).
#pragma once

#include <map>
#include <string>

#include "command.hpp"

namespace heddle::pages {

/// What every page says of the release.
struct Release {
  std::string version;
  std::string date;  ///< YYYY-MM-DD
};

/// Returns the page of the command and those of its commands, each with its file's name, such as
/// heddle-inject-run.1.
std::map<std::string, std::string> man_pages(const Command& program, const Release& release);

}  // namespace heddle::pages
