// plan_file.hpp: the memory that the driver and the programs it starts share.
#pragma once

#include <heddle/inject_record.h>

#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace heddle::inject {

/// How often a rule has looked at a call, and fired.
struct RuleTotals {
  std::uint64_t reached;
  std::uint64_t fired;
};

/// What a plan file is made for; the shim reads both once, when it starts.
struct PlanFileOptions {
  std::uint32_t flags = 0;          // enum heddle_inject_block_flag, added up
  std::uint32_t site_capacity = 0;  // at least so many sites in the record; 0: no record
};

/// A control block, and a record behind it if one is asked for, in memory that has a path:
/// /proc/PID/fd/N of this process. So nothing is left on a disk, however the driver ends, and the
/// program inherits no descriptor. The path is good while this object lives; a program that
/// outlives it and executes another one then ends that with the shim's message. Memory that nobody
/// has touched costs nothing, so a large capacity is cheap. Not thread-safe.
class PlanFile {
 public:
  /// Empty and disarmed; otherwise, says what failed.
  static tl::expected<PlanFile, std::string> create(const PlanFileOptions& options = {});

  PlanFile(PlanFile&& other) noexcept;
  PlanFile& operator=(PlanFile&&) = delete;
  ~PlanFile();

  /// For HEDDLE_INJECT.
  const std::string& path() const { return path_; }

  /// Valid while this object lives, as is the record, which is null when none was asked for.
  heddle_inject_control& control() const { return *control_; }
  heddle_inject_record* record() const { return record_; }

  /// Replaces the rules, at most HEDDLE_INJECT_MAXIMUM_RULES, sets all totals to zero, and arms a
  /// new generation. No program may be inside a wrapped call meanwhile. Without rules too: calls
  /// are counted and recorded only while the block is armed. Otherwise, says what is wrong.
  tl::expected<void, std::string> arm(std::span<const heddle_inject_rule> rules);

  void disarm();

  /// Has all calls passed on, neither counted nor recorded, until the plan is resumed: with the
  /// same rules, counts and totals. Either at any time.
  void pause() { disarm(); }
  void resume();

  /// Makes the record, if there is one, ready for another run: forgets sites, modules, losses, exit
  /// state and observed process, but no orders to a fork server. While no program of the last run
  /// is left.
  void clear_record();

  /// Forgets the processes of the last run. There must be a record.
  void clear_processes();

  /// The record's sites that are filled in: valid until it is cleared. A process that was killed
  /// may have left one half filled in, whose call was not made. While no program is left.
  std::vector<const heddle_inject_site*> sites() const;

  /// The totals as they are now; `index` is the rule's place among those that were armed.
  RuleTotals totals(std::size_t index) const;

 private:
  PlanFile(int descriptor, std::size_t size, heddle_inject_control* control);

  int descriptor_;
  std::size_t size_;
  heddle_inject_control* control_;
  heddle_inject_record* record_ = nullptr;
  std::uint32_t generation_ = 0;
  std::string path_;
};

}  // namespace heddle::inject
