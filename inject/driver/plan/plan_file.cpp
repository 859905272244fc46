#include "plan/plan_file.h"

#include <fmt/core.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace heddle::inject {
namespace {

std::string failure(const char* call) {
  return fmt::format("cannot set up the plan's memory: {}: {}", call, std::strerror(errno));
}

}  // namespace

tl::expected<PlanFile, std::string> PlanFile::create(std::span<const heddle_inject_rule> rules) {
  if (rules.size() > HEDDLE_INJECT_MAXIMUM_RULES) {
    return tl::unexpected(fmt::format("the plan has {} rules; at most {} fit: leave some out",
                                      rules.size(), int{HEDDLE_INJECT_MAXIMUM_RULES}));
  }
  const int descriptor = memfd_create("heddle-inject-plan", MFD_CLOEXEC);
  if (descriptor < 0) {
    return tl::unexpected(failure("memfd_create"));
  }
  void* address = MAP_FAILED;
  if (ftruncate(descriptor, sizeof(heddle_inject_control)) == 0) {
    address = mmap(nullptr, sizeof(heddle_inject_control), PROT_READ | PROT_WRITE, MAP_SHARED,
                   descriptor, 0);
  }
  if (address == MAP_FAILED) {
    std::string message = failure("ftruncate or mmap");
    close(descriptor);  // nothing was written that a failure could lose
    return tl::unexpected(std::move(message));
  }
  auto* const block = static_cast<heddle_inject_control*>(address);
  block->protocol = HEDDLE_INJECT_PROTOCOL;
  block->size = sizeof(heddle_inject_control);
  block->rule_count = static_cast<uint32_t>(rules.size());
  std::ranges::copy(rules, &block->rules[0]);
  // Release, as the control header asks: pairs with the shim's acquire.
  std::atomic_ref(block->armed).store(1, std::memory_order_release);
  return PlanFile(descriptor, block);
}

PlanFile::PlanFile(int descriptor, heddle_inject_control* block)
    : descriptor_(descriptor),
      block_(block),
      path_(fmt::format("/proc/{}/fd/{}", getpid(), descriptor)) {}

PlanFile::PlanFile(PlanFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      block_(std::exchange(other.block_, nullptr)),
      path_(std::move(other.path_)) {}

PlanFile::~PlanFile() {
  if (block_ != nullptr) {
    // Neither can fail on what create has made, and the process's end would undo both.
    munmap(block_, sizeof(heddle_inject_control));
    close(descriptor_);
  }
}

RuleTotals PlanFile::totals(std::size_t index) const {
  const auto rule = static_cast<uint32_t>(index);
  return {heddle_inject_reached(block_, rule), heddle_inject_fired(block_, rule)};
}

}  // namespace heddle::inject
