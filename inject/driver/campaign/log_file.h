// log_file.h: appends to the log of a campaign.
#ifndef HEDDLE_INJECT_DRIVER_LOG_FILE_H
#define HEDDLE_INJECT_DRIVER_LOG_FILE_H

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace heddle::inject {

/// What is written reaches the kernel before write returns, so that it is there however the driver
/// ends.
class LogFile {
 public:
  /// A new file. Otherwise, a message: a log that is there already is never overwritten.
  static tl::expected<LogFile, std::string> create(const std::string& path);

  /// Goes on behind the last whole line of a log.
  static tl::expected<LogFile, std::string> append_to(const std::string& path);

  LogFile(LogFile&& other) noexcept;
  LogFile& operator=(LogFile&&) = delete;
  ~LogFile();

  /// Appends lines, with their ends. Otherwise, what failed.
  tl::expected<void, std::string> write(std::string_view lines);

 private:
  LogFile(int descriptor, std::string path);

  int descriptor_;
  std::string path_;
};

}  // namespace heddle::inject

#endif
