// log_file.hpp: the open log of a campaign, to which lines are appended.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "campaign/run_failure.hpp"

namespace heddle::inject {

/// An open log. Lines reach the kernel before write returns, so they are kept however the driver
/// ends. The file stays locked until the last copy of the descriptor is closed, so a forked process
/// that goes on by itself must close its copy.
class LogFile {
 public:
  /// Opens a new file, or one that holds nothing: it is empty, or its writer was killed within the
  /// first line. Refuses any other file with a message, and never overwrites it.
  static tl::expected<LogFile, RunFailure> create(const std::string& path);

  /// Opens a log that is there, without changing it. Returns a message on failure.
  static tl::expected<LogFile, RunFailure> open(const std::string& path);

  /// Says whether the file is empty, or ends within a first line that begins as a log's does.
  bool holds_nothing() const;

  /// Cuts off a last line without a newline. True when there was one. On failure, returns what
  /// failed.
  tl::expected<bool, std::string> drop_partial_line();

  /// Empties the file. Returns what failed.
  tl::expected<void, std::string> empty();

  int descriptor() const { return descriptor_; }

  LogFile(LogFile&& other) noexcept;
  LogFile& operator=(LogFile&&) = delete;
  ~LogFile();

  /// Appends lines, with their newlines: all of them, or none. Returns what failed.
  tl::expected<void, std::string> write(std::string_view lines);

 private:
  LogFile(int descriptor, std::string path);

  int descriptor_;
  std::string path_;
};

}  // namespace heddle::inject
