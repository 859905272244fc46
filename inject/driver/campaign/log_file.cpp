#include "campaign/log_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace heddle::inject {
namespace {

/// Cuts off what follows the last end of line. False, with errno, on failure.
bool drop_partial_line(int descriptor) {
  off_t size = lseek(descriptor, 0, SEEK_END);
  char last = 0;
  while (size > 0 && pread(descriptor, &last, 1, size - 1) == 1 && last != '\n') {
    --size;
  }
  return size >= 0 && ftruncate(descriptor, size) == 0;
}

}  // namespace

tl::expected<LogFile, std::string> LogFile::create(const std::string& path) {
  const int descriptor =
      open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0 && errno == EEXIST) {
    return tl::unexpected(fmt::format(
        "{} is there already: go on with it with --resume, or name another with --log", path));
  }
  if (descriptor < 0) {
    return tl::unexpected(fmt::format("cannot create {}: {}", path, std::strerror(errno)));
  }
  return LogFile(descriptor, path);
}

tl::expected<LogFile, std::string> LogFile::append_to(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
  if (descriptor < 0 || !drop_partial_line(descriptor)) {
    return tl::unexpected(fmt::format("cannot append to {}: {}", path, std::strerror(errno)));
  }
  return LogFile(descriptor, path);
}

LogFile::LogFile(int descriptor, std::string path)
    : descriptor_(descriptor), path_(std::move(path)) {}

LogFile::LogFile(LogFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

LogFile::~LogFile() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

tl::expected<void, std::string> LogFile::write(std::string_view lines) {
  while (!lines.empty()) {
    const ssize_t count = ::write(descriptor_, lines.data(), lines.size());
    if (count < 0 && errno != EINTR) {
      return tl::unexpected(fmt::format("cannot write to {}: {}", path_, std::strerror(errno)));
    }
    lines.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  return {};
}

}  // namespace heddle::inject
