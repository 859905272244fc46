#include "plan/plan_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include "plan/system_error.hpp"

namespace heddle::inject {
namespace {

/// The largest generation: the shim tells them apart by their low 24 bits, and 0 means disarmed.
constexpr std::uint32_t generations = (1U << 24) - 1;

/// The record begins on a cache line of its own.
constexpr std::size_t record_offset = (sizeof(heddle_inject_control) + 127) / 128 * 128;

std::string failure(const char* call) {
  return fmt::format("cannot set up the plan's memory: {}: {}", call, describe_system_error(errno));
}

std::size_t size_of_sites(std::uint32_t capacity) {
  return std::size_t{capacity} * sizeof(heddle_inject_site);
}

/// Zeroes part of the file. Whole pages are given back, so only written ones cost time: most of a
/// record's sites are never used.
void zero(int descriptor, char* file, std::size_t begin, std::size_t end) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t first_page = (begin + page - 1) / page * page;
  const std::size_t last_page = end / page * page;
  if (first_page >= last_page ||
      fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                static_cast<off_t>(first_page), static_cast<off_t>(last_page - first_page)) != 0) {
    std::memset(file + begin, 0, end - begin);
    return;
  }
  std::memset(file + begin, 0, first_page - begin);
  std::memset(file + last_page, 0, end - last_page);
}

}  // namespace

tl::expected<PlanFile, std::string> PlanFile::create(const PlanFileOptions& options) {
  const std::uint32_t capacity =
      options.site_capacity == 0 ? 0 : std::bit_ceil(options.site_capacity);
  const std::size_t size =
      capacity == 0 ? sizeof(heddle_inject_control)
                    : record_offset + sizeof(heddle_inject_record) + size_of_sites(capacity);
  const int descriptor = memfd_create("heddle-inject-plan", MFD_CLOEXEC);
  if (descriptor < 0) {
    return tl::unexpected(failure("memfd_create"));
  }
  void* address = MAP_FAILED;
  if (ftruncate(descriptor, static_cast<off_t>(size)) == 0) {
    address = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  }
  if (address == MAP_FAILED) {
    std::string message = failure("ftruncate or mmap");
    close(descriptor);  // may fail: nothing was written that could get lost
    return tl::unexpected(std::move(message));
  }
  PlanFile file(descriptor, size, static_cast<heddle_inject_control*>(address));
  file.control_->protocol = HEDDLE_INJECT_PROTOCOL;
  file.control_->size = sizeof(heddle_inject_control);
  file.control_->flags = options.flags;
  if (capacity != 0) {
    file.control_->record_offset = record_offset;
    file.record_ =
        reinterpret_cast<heddle_inject_record*>(static_cast<char*>(address) + record_offset);
    file.record_->site_capacity = capacity;
  }
  return file;
}

PlanFile::PlanFile(int descriptor, std::size_t size, heddle_inject_control* control)
    : descriptor_(descriptor),
      size_(size),
      control_(control),
      path_(fmt::format("/proc/{}/fd/{}", getpid(), descriptor)) {}

PlanFile::PlanFile(PlanFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      control_(std::exchange(other.control_, nullptr)),
      record_(std::exchange(other.record_, nullptr)),
      generation_(other.generation_),
      path_(std::move(other.path_)) {}

PlanFile::~PlanFile() {
  if (control_ != nullptr) {
    // Neither call can fail on what create() has made.
    munmap(control_, size_);
    close(descriptor_);
  }
}

tl::expected<void, std::string> PlanFile::arm(std::span<const heddle_inject_rule> rules) {
  if (rules.size() > HEDDLE_INJECT_MAXIMUM_RULES) {
    return tl::unexpected(fmt::format("the plan has {} rules; at most {} fit: leave some out",
                                      rules.size(), int{HEDDLE_INJECT_MAXIMUM_RULES}));
  }
  disarm();
  std::ranges::copy(rules, &control_->rules[0]);
  control_->rule_count = static_cast<std::uint32_t>(rules.size());
  std::memset(&control_->unseen[0], 0, sizeof control_->unseen);
  std::memset(&control_->totals[0], 0, sizeof control_->totals);
  generation_ = generation_ % generations + 1;
  resume();
  return {};
}

void PlanFile::resume() {
  // Release, as inject_control.h asks: pairs with the shim's acquire.
  std::atomic_ref(control_->armed).store(generation_, std::memory_order_release);
}

void PlanFile::disarm() {
  // Relaxed: the store that arms again orders what comes in between.
  std::atomic_ref(control_->armed).store(0, std::memory_order_relaxed);
}

void PlanFile::clear_processes() {
  std::ranges::fill(record_->crashes, heddle_inject_crash{});
  record_->lost_crashes = 0;
  std::ranges::fill(record_->processes, heddle_inject_process{});
}

void PlanFile::clear_record() {
  if (record_ == nullptr) {
    return;
  }
  clear_processes();
  record_->exit_state = {};
  record_->observed_process = 0;
  record_->refusing = 0;
  record_->refusal[0] = '\0';
  record_->lost_sites = 0;
  record_->unseen_calls = 0;
  for (std::uint32_t place = 0;
       place < std::min<std::uint32_t>(record_->module_count, HEDDLE_INJECT_MAXIMUM_MODULES);
       ++place) {
    record_->modules[place].ready = 0;
  }
  record_->module_count = 0;
  const std::size_t sites = record_offset + sizeof(heddle_inject_record);
  zero(descriptor_, reinterpret_cast<char*>(control_), sites,
       sites + size_of_sites(record_->site_capacity));
}

std::vector<const heddle_inject_site*> PlanFile::sites() const {
  std::vector<const heddle_inject_site*> found;
  if (record_ == nullptr) {
    return found;
  }
  const std::size_t begin = record_offset + sizeof(heddle_inject_record);
  std::size_t next = 0;  // first site that has not been looked at
  // Most pages are holes, which reading would fill: skip them.
  for (off_t hole = static_cast<off_t>(begin);;) {
    const off_t data = lseek(descriptor_, hole, SEEK_DATA);
    if (data < 0) {
      return found;  // ENXIO: there is nothing behind the last hole
    }
    hole = lseek(descriptor_, data, SEEK_HOLE);
    const auto first = (static_cast<std::size_t>(data) - begin) / sizeof(heddle_inject_site);
    const auto last = (static_cast<std::size_t>(hole) - begin) / sizeof(heddle_inject_site);
    for (next = std::max(next, first); next <= last && next < record_->site_capacity; ++next) {
      const heddle_inject_site& site = record_->sites[next];
      if (site.key != 0 && site.ready != 0) {
        found.push_back(&site);
      }
    }
  }
}

RuleTotals PlanFile::totals(std::size_t index) const {
  const auto rule = static_cast<std::uint32_t>(index);
  return {heddle_inject_reached(control_, rule), heddle_inject_fired(control_, rule)};
}

}  // namespace heddle::inject
