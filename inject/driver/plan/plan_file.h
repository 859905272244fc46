// plan_file.h: the control block that the driver and the programs it starts share.
#ifndef HEDDLE_INJECT_DRIVER_PLAN_FILE_H
#define HEDDLE_INJECT_DRIVER_PLAN_FILE_H

#include <heddle/inject_control.h>

#include <span>
#include <string>
#include <tl/expected.hpp>

namespace heddle::inject {

/// How often a rule has looked at a call, and fired.
struct RuleTotals {
  uint64_t reached;
  uint64_t fired;
};

/// An armed control block in memory that has a path: /proc/PID/fd/N of this process. So nothing is
/// left on a disk, however the driver ends, and the program inherits no descriptor. The path is
/// good while this object lives; a program that outlives it and executes another one then ends that
/// with the shim's message. Not thread-safe.
class PlanFile {
 public:
  /// Writes at most HEDDLE_INJECT_MAXIMUM_RULES rules and arms them; otherwise, says what failed.
  static tl::expected<PlanFile, std::string> create(std::span<const heddle_inject_rule> rules);

  PlanFile(PlanFile&& other) noexcept;
  PlanFile& operator=(PlanFile&&) = delete;
  ~PlanFile();

  /// For HEDDLE_INJECT.
  const std::string& path() const { return path_; }

  /// The totals as they are now; `index` is the rule's place among the rules of create.
  RuleTotals totals(std::size_t index) const;

 private:
  PlanFile(int descriptor, heddle_inject_control* block);

  int descriptor_;
  heddle_inject_control* block_;
  std::string path_;
};

}  // namespace heddle::inject

#endif
