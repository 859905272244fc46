#include "raw_run.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace heddle::tests {
namespace {

/// A control block in a file that the shim of another process can map.
class SharedBlock {
 public:
  explicit SharedBlock(const std::vector<heddle_inject_rule>& rules) {
    descriptor_ = memfd_create("plan", MFD_CLOEXEC);
    if (descriptor_ < 0 || ftruncate(descriptor_, sizeof(heddle_inject_control)) != 0) {
      throw std::runtime_error("no memory for the plan");
    }
    void* const address = mmap(nullptr, sizeof(heddle_inject_control), PROT_READ | PROT_WRITE,
                               MAP_SHARED, descriptor_, 0);
    if (address == MAP_FAILED) {
      throw std::runtime_error("cannot map the plan");
    }
    block_ = static_cast<heddle_inject_control*>(address);
    block_->protocol = HEDDLE_INJECT_PROTOCOL;
    block_->size = sizeof(heddle_inject_control);
    block_->flags = HEDDLE_INJECT_RAW;
    block_->rule_count = static_cast<uint32_t>(rules.size());
    std::copy(rules.begin(), rules.end(), &block_->rules[0]);
    block_->armed = 1;
  }
  SharedBlock(const SharedBlock&) = delete;
  SharedBlock& operator=(const SharedBlock&) = delete;
  ~SharedBlock() {
    munmap(block_, sizeof(heddle_inject_control));
    close(descriptor_);
  }

  [[nodiscard]] const heddle_inject_control& block() const { return *block_; }
  /// As another process, a child's child included, can open it.
  [[nodiscard]] std::string path() const {
    return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(descriptor_);
  }

 private:
  int descriptor_ = -1;
  heddle_inject_control* block_ = nullptr;
};

}  // namespace

heddle_inject_rule counting(heddle_inject_call call, uint32_t number) {
  heddle_inject_rule rule{};
  rule.call = call;
  rule.number = number;
  rule.first = rule.last = UINT64_MAX;
  return rule;
}

heddle_inject_rule failing(heddle_inject_call call, int error, uint64_t first, uint64_t last) {
  heddle_inject_rule rule = counting(call);
  rule.action = HEDDLE_INJECT_ERROR;
  rule.error = error;
  rule.first = first;
  rule.last = last;
  rule.step = 1;
  return rule;
}

heddle_inject_rule failing_number(uint32_t number, int error, uint64_t first, uint64_t last) {
  heddle_inject_rule rule = failing(HEDDLE_INJECT_SYSTEM_CALL, error, first, last);
  rule.number = number;
  return rule;
}

heddle_inject_rule delaying(heddle_inject_call call) {
  heddle_inject_rule rule = failing(call, 0);
  rule.action = HEDDLE_INJECT_NOTHING;
  rule.delay_exit = 1;
  return rule;
}

RawRun run_raw(const std::vector<heddle_inject_rule>& rules,
               const std::vector<std::string>& command, const std::vector<std::string>& launcher) {
  const SharedBlock plan(rules);
  std::vector<std::string> whole = launcher;
  whole.insert(whole.end(), {"env", std::string("LD_PRELOAD=") + HEDDLE_INJECT_SHIM,
                             "HEDDLE_INJECT=" + plan.path()});
  whole.insert(whole.end(), command.begin(), command.end());
  RawRun result{run(whole), {}, {}};
  for (uint32_t rule = 0; rule < rules.size(); ++rule) {
    result.reached.push_back(heddle_inject_reached(&plan.block(), rule));
    result.fired.push_back(heddle_inject_fired(&plan.block(), rule));
  }
  return result;
}

RawRun run_raw_scenario(const std::vector<heddle_inject_rule>& rules, const std::string& name) {
  return run_raw(rules, {RAW_SCENARIOS, name});
}

}  // namespace heddle::tests
