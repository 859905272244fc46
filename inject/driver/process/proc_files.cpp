#include "process/proc_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace heddle::inject {

std::string text_of_file(const std::string& path) {
  std::string text;
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return text;
  }
  std::array<char, 4096> part{};
  for (ssize_t count = 0; (count = read(descriptor, part.data(), part.size())) > 0;) {
    text.append(part.data(), static_cast<std::size_t>(count));
  }
  close(descriptor);
  return text;
}

std::string field_of(const std::string& text, const std::string& name) {
  const std::string start = name + ":";
  std::size_t line = text.starts_with(start) ? 0 : text.find("\n" + start);
  if (line == std::string::npos) {
    return {};
  }
  line = text.find(':', line) + 1;
  const std::size_t begin = text.find_first_not_of(" \t", line);
  const std::size_t end = text.find('\n', line);
  return begin < end ? text.substr(begin, end - begin) : std::string();
}

std::string_view fields_after_name(std::string_view stat) {
  const std::size_t end = stat.rfind(')');
  return end != stat.npos && end + 2 < stat.size() ? stat.substr(end + 2) : std::string_view();
}

std::vector<pid_t> numbers_in(const std::string& folder) {
  std::vector<pid_t> numbers;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    numbers.push_back(std::atoi(entry->path().filename().c_str()));
  }
  return numbers;
}

std::vector<pid_t> threads_of(pid_t process) {
  return numbers_in("/proc/" + std::to_string(process) + "/task");
}

std::string name_of(pid_t process, pid_t thread) {
  const std::string path =
      "/proc/" + std::to_string(process) + "/task/" + std::to_string(thread) + "/comm";
  const std::string line = text_of_file(path);
  return line.substr(0, line.find('\n'));
}

OpenFile open_file(pid_t process, int descriptor) {
  const std::string path = "/proc/" + std::to_string(process) + "/fd/" + std::to_string(descriptor);
  std::array<char, 256> target{};
  struct stat mode {};
  const ssize_t length = readlink(path.c_str(), target.data(), target.size());
  // The permissions of the link itself say how the file was opened.
  if (length < 0 || lstat(path.c_str(), &mode) != 0) {
    return {};
  }
  return {std::string(target.data(), static_cast<std::size_t>(length)),
          (mode.st_mode & S_IRUSR) != 0, (mode.st_mode & S_IWUSR) != 0};
}

}  // namespace heddle::inject
