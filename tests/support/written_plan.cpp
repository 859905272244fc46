#include "support/written_plan.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string_view>

namespace heddle::tests {

heddle_inject_rule failing_rule(heddle_inject_call call, int error) {
  heddle_inject_rule rule{};
  rule.call = call;
  rule.action = HEDDLE_INJECT_ERROR;
  rule.error = error;
  rule.first = 1;
  rule.last = std::numeric_limits<std::uint64_t>::max();
  rule.step = 1;
  return rule;
}

WrittenPlan::WrittenPlan(const std::vector<heddle_inject_rule>& rules, std::uint32_t flags,
                         std::uint32_t site_capacity)
    : descriptor_(memfd_create("written-plan", MFD_CLOEXEC)),
      size_(sizeof(heddle_inject_control) + sizeof(heddle_inject_record) +
            site_capacity * sizeof(heddle_inject_site)) {
  if (descriptor_ < 0 || ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) {
    throw std::runtime_error("no memory for a plan");
  }
  void* const address = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
  if (address == MAP_FAILED) {
    throw std::runtime_error("no memory for a plan");
  }
  control_ = static_cast<heddle_inject_control*>(address);
  record_ = reinterpret_cast<heddle_inject_record*>(control_ + 1);
  record_->site_capacity = site_capacity;
  control_->protocol = HEDDLE_INJECT_PROTOCOL;
  control_->size = sizeof(heddle_inject_control);
  control_->rule_count = static_cast<std::uint32_t>(rules.size());
  control_->flags = flags;
  control_->record_offset = sizeof(heddle_inject_control);
  std::ranges::copy(rules, &control_->rules[0]);
  std::atomic_ref(control_->armed).store(1, std::memory_order_release);
}

WrittenPlan::~WrittenPlan() {
  munmap(control_, size_);
  close(descriptor_);
}

FinishedProcess WrittenPlan::run(const std::vector<std::string>& command, Environment added) const {
  // Before what the test has added, whose own preload would win.
  added.emplace(added.begin(), "LD_PRELOAD", HEDDLE_INJECT_SHIM);
  added.emplace_back(HEDDLE_INJECT_ENVIRONMENT,
                     "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(descriptor_));
  return tests::run(command, added);
}

std::vector<heddle_inject_site> WrittenPlan::sites(heddle_inject_call call) const {
  std::vector<heddle_inject_site> found;
  std::copy_if(&record_->sites[0], &record_->sites[record_->site_capacity],
               std::back_inserter(found), [call](const heddle_inject_site& site) {
                 return site.ready != 0 && site.call == static_cast<std::uint32_t>(call);
               });
  std::ranges::sort(found, {}, [](const heddle_inject_site& site) {
    return std::string_view(&site.thread_path[0]);
  });
  return found;
}

}  // namespace heddle::tests
