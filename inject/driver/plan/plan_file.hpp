// plan_file.hpp: the memory that the driver shares with the programs that it starts.
#pragma once

#include <heddle/inject_record.h>

#include <cstdint>
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

/// What a plan file is made for. The shim reads both fields once, when it starts.
struct PlanFileOptions {
  std::uint32_t flags = 0;          // enum heddle_inject_block_flag, added up
  std::uint32_t site_capacity = 0;  // at least so many sites in the record; 0: no record
};

/// A control block, with a record behind it if one is asked for, in memory that has a path:
/// /proc/PID/fd/N of this process. So nothing stays on a disk, however the driver ends, and the
/// program inherits no descriptor. The path is good while this object lives: if a program that
/// outlives it executes another one, the shim ends that one with a message. Untouched memory costs
/// nothing, so a large capacity is cheap. Not thread-safe.
class PlanFile {
 public:
  /// Makes an empty, disarmed plan file; on failure, says what failed.
  static tl::expected<PlanFile, std::string> create(const PlanFileOptions& options = {});

  PlanFile(PlanFile&& other) noexcept;
  PlanFile& operator=(PlanFile&&) = delete;
  ~PlanFile();

  /// The value for HEDDLE_INJECT.
  const std::string& path() const { return path_; }

  /// Control block and record are valid while this object lives. The record is null when none was
  /// asked for.
  heddle_inject_control& control() const { return *control_; }
  heddle_inject_record* record() const { return record_; }

  /// Replaces the rules, at most HEDDLE_INJECT_MAXIMUM_RULES, sets all totals to zero, and arms a
  /// new generation. No program may be inside a wrapped call meanwhile. Arm even without rules
  /// where calls shall be counted or recorded. On failure, says what is wrong.
  tl::expected<void, std::string> arm(std::span<const heddle_inject_rule> rules);

  void disarm();

  /// Has all calls passed on, neither counted nor recorded, until resume() goes on with the same
  /// rules, counts and totals. Both may be called at any time.
  void pause() { disarm(); }
  void resume();

  /// Makes the record, if there is one, ready for another run: clears sites, modules, losses, exit
  /// state and observed process, and keeps the orders to a fork server. No program of the last run
  /// may be left.
  void clear_record();

  /// Clears the processes of the last run. There must be a record.
  void clear_processes();

  /// Returns the record's sites that are filled in, valid until the record is cleared. A process
  /// that was killed may have left a site half filled in, whose call was not made. No program may
  /// be left.
  std::vector<const heddle_inject_site*> sites() const;

  /// Returns the current totals; `index` is the rule's place among those that were armed.
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
