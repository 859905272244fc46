// log_file.hpp: appends to the log of a campaign.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "campaign/run_failure.hpp"

namespace heddle::inject {

/// What is written reaches the kernel before write returns, so that it is there however the driver
/// ends. The file is locked until the last copy of the descriptor is closed, so a forked process
/// that goes on by itself closes it.
class LogFile {
 public:
  /// A new file, or one that holds nothing yet: it is empty, or its writer was killed in the middle
  /// of the first line. Otherwise, a message: any other file is never overwritten.
  static tl::expected<LogFile, RunFailure> create(const std::string& path);

  /// A log that is there; it is not changed. Otherwise, a message.
  static tl::expected<LogFile, RunFailure> open(const std::string& path);

  /// Whether the file is empty, or ends in its first line and this begins as a log does.
  bool holds_nothing() const;

  /// Cuts off what follows the last end of line. True when there was something; otherwise, what
  /// failed.
  tl::expected<bool, std::string> drop_partial_line();

  /// Takes everything out of the file. Otherwise, what failed.
  tl::expected<void, std::string> empty();

  int descriptor() const { return descriptor_; }

  LogFile(LogFile&& other) noexcept;
  LogFile& operator=(LogFile&&) = delete;
  ~LogFile();

  /// Appends lines, with their ends: all, or none and what failed.
  tl::expected<void, std::string> write(std::string_view lines);

 private:
  LogFile(int descriptor, std::string path);

  int descriptor_;
  std::string path_;
};

}  // namespace heddle::inject
