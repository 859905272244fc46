// The file that a report goes to, or standard output.
//
// Written with write(2), without a buffer: the suite forks, and each process that inherits a buffer
// would print it. What has been written also survives a crash of the suite.
#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace heddle::conformance {

class OutputFile {
 public:
  /// Opens the file, creating or emptying it; an empty name means standard output. An error is one
  /// line that names the file and the cause.
  static tl::expected<OutputFile, std::string> open(const std::string& name) {
    if (name.empty()) {
      return OutputFile("standard output", STDOUT_FILENO, false);
    }
    const int descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor == -1) {
      return tl::unexpected(fmt::format("cannot write the report to {}: {}; name another file",
                                        name, ::strerror(errno)));
    }
    return OutputFile(name, descriptor, true);
  }

  OutputFile(OutputFile&& other) noexcept
      : name_(std::move(other.name_)),
        descriptor_(other.descriptor_),
        owned_(std::exchange(other.owned_, false)),
        error_(other.error_) {}
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile() {
    if (owned_) {
      ::close(descriptor_);  // given up without finish(): no one asks for the result
    }
  }

  /// Returns whether the report goes to standard output.
  bool is_standard_output() const { return !owned_; }

  /// Writes all of the text, unless an earlier write has failed. The first error is remembered.
  void write(std::string_view text) {
    while (error_ == 0 && !text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written >= 0) {
        text.remove_prefix(static_cast<std::size_t>(written));
      } else if (errno != EINTR) {
        error_ = errno;
      }
    }
  }

  /// Closes the file. Returns the first error of all as one line that names the file and the cause.
  tl::expected<void, std::string> finish() {
    // Some file systems report a full disk only on close.
    if (std::exchange(owned_, false) && ::close(descriptor_) == -1 && error_ == 0) {
      error_ = errno;
    }
    if (error_ != 0) {
      return tl::unexpected(
          fmt::format("the report to {} is incomplete: {}; make room or name another file, and run "
                      "again",
                      name_, ::strerror(error_)));
    }
    return {};
  }

 private:
  OutputFile(std::string name, int descriptor, bool owned)
      : name_(std::move(name)), descriptor_(descriptor), owned_(owned) {}

  std::string name_;
  int descriptor_;
  bool owned_;
  int error_ = 0;  // errno of the first failure
};

}  // namespace heddle::conformance
