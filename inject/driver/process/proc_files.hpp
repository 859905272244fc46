// proc_files.hpp: the files of /proc that describe a process.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace heddle::inject {

/// Reads the whole file; empty when it is missing, or may not be read.
std::string text_of_file(const std::string& path);

/// Returns the text behind "NAME:" and white space in a line; empty when no line has that name.
std::string field_of(const std::string& text, const std::string& name);

/// Returns the names in a folder that are numbers; none when the folder is missing.
std::vector<pid_t> numbers_in(const std::string& folder);

struct OpenFile {
  std::string target;  // "pipe:[1234]"; empty: not open, or not readable for us
  bool readable = false;
  bool writable = false;
};
OpenFile open_file(pid_t process, int descriptor);

}  // namespace heddle::inject
