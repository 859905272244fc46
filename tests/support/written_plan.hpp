// written_plan.hpp: a plan file that a test has written itself, with all that the shim can be
// asked.
#pragma once

#include <heddle/inject_record.h>

#include <cstdint>
#include <string>
#include <vector>

#include "support/finished_process.hpp"

namespace heddle::tests {

/// A rule that fires on every call of the row, and fails it.
heddle_inject_rule failing_rule(heddle_inject_call call, int error);

class WrittenPlan {
 public:
  /// Armed with the rules, with room for that many sites. Throws std::runtime_error when the memory
  /// for it cannot be had.
  explicit WrittenPlan(const std::vector<heddle_inject_rule>& rules, std::uint32_t flags = 0,
                       std::uint32_t site_capacity = 256);
  WrittenPlan(const WrittenPlan&) = delete;
  WrittenPlan& operator=(const WrittenPlan&) = delete;
  ~WrittenPlan();

  /// Runs the command under the shim.
  FinishedProcess run(const std::vector<std::string>& command, Environment added = {}) const;

  heddle_inject_control& control() const { return *control_; }
  heddle_inject_record& record() const { return *record_; }

  std::uint64_t reached(std::uint32_t rule) const { return heddle_inject_reached(control_, rule); }
  std::uint64_t fired(std::uint32_t rule) const { return heddle_inject_fired(control_, rule); }

  /// The sites of the row, in the order of their thread paths.
  std::vector<heddle_inject_site> sites(heddle_inject_call call) const;

 private:
  int descriptor_;
  std::size_t size_;
  heddle_inject_control* control_;
  heddle_inject_record* record_;
};

}  // namespace heddle::tests
