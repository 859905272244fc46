#include "campaign/log_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "plan/system_error.hpp"

namespace heddle::inject {
namespace {

/// Says why the file could not be opened. The user can mend a wrong path, while a machine that has
/// run out of something is the tool's failure.
RunFailure refused(const char* asked, const std::string& path) {
  const int error = errno;
  const bool lacks_something = error == EMFILE || error == ENFILE || error == ENOMEM ||
                               error == ENOSPC || error == EDQUOT || error == EIO;
  return {fmt::format("cannot {} {}: {}", asked, path, describe_system_error(error)),
          lacks_something ? RunFailure::Kind::tool : RunFailure::Kind::program};
}

RunFailure in_use(const std::string& path) {
  return fmt::format(
      "{} is being written by another heddle-inject: wait for its end, or name another log with "
      "--log",
      path);
}

/// Every log begins with this: the keys of a line are sorted.
constexpr std::string_view first_words = "{\"arguments\":[";

/// Locks the file. Returns false only if another process has the lock: a file system without locks
/// is no obstacle.
bool lock(int descriptor) {
  return flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

struct stat status_of(int descriptor) {
  struct stat status {};
  fstat(descriptor, &status);  // cannot fail for a descriptor that is open
  return status;
}

}  // namespace

tl::expected<LogFile, RunFailure> LogFile::create(const std::string& path) {
  for (;;) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) {
      return tl::unexpected(refused("create", path));
    }
    LogFile log(descriptor, path);
    if (!lock(descriptor)) {
      return tl::unexpected(in_use(path));
    }
    if (status_of(descriptor).st_nlink == 0) {
      continue;  // removed meanwhile by its writer, which had nothing to keep
    }
    if (!log.holds_nothing()) {
      return tl::unexpected(RunFailure(fmt::format(
          "{} is there already: continue it with --resume, or name another log with --log", path)));
    }
    if (const auto emptied = log.empty(); !emptied) {
      return tl::unexpected(RunFailure(emptied.error(), RunFailure::Kind::tool));
    }
    return log;
  }
}

tl::expected<LogFile, RunFailure> LogFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
  if (descriptor < 0) {
    return tl::unexpected(refused("append to", path));
  }
  LogFile log(descriptor, path);
  if (!lock(descriptor)) {
    return tl::unexpected(in_use(path));
  }
  return log;
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

bool LogFile::holds_nothing() const {
  if (!S_ISREG(status_of(descriptor_).st_mode)) {
    return false;
  }
  std::array<char, first_words.size()> beginning{};
  const ssize_t count = pread(descriptor_, beginning.data(), beginning.size(), 0);
  if (count < 0 || !first_words.starts_with({beginning.data(), static_cast<std::size_t>(count)})) {
    return false;
  }
  std::array<char, 4096> part{};
  off_t position = 0;
  for (ssize_t size = 0; (size = pread(descriptor_, part.data(), part.size(), position)) > 0;) {
    if (std::memchr(part.data(), '\n', static_cast<std::size_t>(size)) != nullptr) {
      return false;
    }
    position += size;
  }
  return true;
}

tl::expected<bool, std::string> LogFile::drop_partial_line() {
  const off_t end = lseek(descriptor_, 0, SEEK_END);
  off_t size = end;
  char last = 0;
  while (size > 0 && pread(descriptor_, &last, 1, size - 1) == 1 && last != '\n') {
    --size;
  }
  if (size < 0 || ftruncate(descriptor_, size) != 0) {
    return tl::unexpected(
        fmt::format("cannot append to {}: {}", path_, describe_system_error(errno)));
  }
  return size != end;
}

tl::expected<void, std::string> LogFile::empty() {
  if (ftruncate(descriptor_, 0) != 0) {
    return tl::unexpected(
        fmt::format("cannot write to {}: {}", path_, describe_system_error(errno)));
  }
  return {};
}

tl::expected<void, std::string> LogFile::write(std::string_view lines) {
  const off_t end = lseek(descriptor_, 0, SEEK_END);
  while (!lines.empty()) {
    const ssize_t count = ::write(descriptor_, lines.data(), lines.size());
    if (count < 0 && errno != EINTR) {
      const int error = errno;
      // Half of the lines are worse than none. If this fails too, readers leave out a half line.
      static_cast<void>(!ftruncate(descriptor_, end));
      return tl::unexpected(
          fmt::format("cannot write to {}: {}", path_, describe_system_error(error)));
    }
    lines.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  return {};
}

}  // namespace heddle::inject
