// The memory lane: the tool that watches the memory of each case, and the reports that it leaves.
//
// A template is started under the tool, so the tool starts once for each template, and each case is
// a fork of it. For a forked process both tools begin a report of its own, with the process's
// number in the file's name.
#pragma once

#include <heddle/subject.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "command_line/options.hpp"
#include "runner/subject_file.hpp"
#include "verdict/case_result.hpp"

namespace heddle::conformance {

/// The tool of one run, and the folder of all reports. Not copied; the folder is removed by the
/// process that made it.
class MemoryLane {
 public:
  /// Watches nothing: cases run as they are.
  MemoryLane() = default;
  /// Finds the tool and makes the folder. On failure, says in one line what is missing.
  static tl::expected<MemoryLane, std::string> open(MemoryCheck check);

  MemoryLane(MemoryLane&& other) noexcept;
  MemoryLane& operator=(MemoryLane&& other) noexcept;
  ~MemoryLane();

  MemoryCheck check() const { return check_; }
  /// Returns the path of Valgrind, or of LeakSanitizer's run-time library.
  const std::string& tool() const { return tool_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  MemoryCheck check_ = MemoryCheck::none;
  std::string tool_;
  std::filesystem::path folder_;
  pid_t owner_ = 0;  ///< of the folder
};

/// Returns why no tool can judge the memory of a subject with these flags; nothing if one can.
std::optional<std::string> why_not_watched(std::uint64_t subject_flags);

/// The tool over one template and its cases.
class MemoryWatch {
 public:
  /// Makes a folder for the template's reports. The lane must live longer. Throws
  /// std::filesystem::filesystem_error if there can be no folder.
  MemoryWatch(const MemoryLane& lane, const SubjectFile& subject);

  /// Returns the words that come before a template's own command line.
  std::vector<std::string> command() const;
  /// Returns the library to preload behind the shim; empty: none.
  std::string library() const;
  /// Sets the tool's environment in a child that becomes a template.
  void set_environment() const;

  /// Takes what the processes of one case have reported, and adds to `result` what that says of the
  /// subject. Call it when the case has ended, and before the next begins.
  void take_reports(pid_t template_process, pid_t the_case, CaseResult& result) const;

 private:
  const MemoryLane& lane_;
  const SubjectFile subject_;
  std::filesystem::path folder_;
};

}  // namespace heddle::conformance
