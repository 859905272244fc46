// proc_files.hpp: the files of /proc that describe a process.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace heddle::inject {

/// Reads the whole file; empty when it is missing, or may not be read.
std::string text_of_file(const std::string& path);

/// Returns the text behind "NAME:" and white space in a line; empty when no line has that name.
std::string field_of(const std::string& text, const std::string& name);

/// Returns the names in a folder that are numbers; none when the folder is missing.
std::vector<pid_t> numbers_in(const std::string& folder);

/// Lists the threads of a process; none when it has ended.
std::vector<pid_t> threads_of(pid_t process);

/// Returns the fields behind the name in a `stat` file, the state first; empty when the text has no
/// name. The name itself may have spaces and parentheses: the last `)` ends it. Allocates nothing,
/// and makes no system call.
std::string_view fields_after_name(std::string_view stat);

/// Returns the name that the kernel has for a thread; empty when the thread has gone.
std::string name_of(pid_t process, pid_t thread);

struct OpenFile {
  std::string target;  // "pipe:[1234]"; empty: not open, or not readable for us
  bool readable = false;
  bool writable = false;
};
OpenFile open_file(pid_t process, int descriptor);

}  // namespace heddle::inject
