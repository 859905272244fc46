// proc_files.hpp: the files of /proc that say what a process has and does.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace heddle::inject {

/// The whole file; empty when it is not there, or may not be read.
std::string text_of_file(const std::string& path);

/// What follows "NAME:" and white space in a line of the text; empty when there is no such line.
std::string field_of(const std::string& text, const std::string& name);

/// The names in a folder that are numbers; none when it is not there.
std::vector<pid_t> numbers_in(const std::string& folder);

struct OpenFile {
  std::string target;  // "pipe:[1234]"; empty: it is not open, or may not be looked at
  bool readable = false;
  bool writable = false;
};
OpenFile open_file(pid_t process, int descriptor);

}  // namespace heddle::inject
