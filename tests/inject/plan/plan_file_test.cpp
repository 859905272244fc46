// The memory that driver and shim share, seen from the driver's side.
#include <plan/plan_file.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "support/catch.hpp"

namespace heddle::inject {
namespace {

PlanFile plan_file(const PlanFileOptions& options) {
  auto file = PlanFile::create(options);
  REQUIRE(file.has_value());
  return std::move(*file);
}

TEST_CASE("a new plan file is disarmed, and says for whom it was written") {
  const PlanFile file = plan_file({.flags = HEDDLE_INJECT_RAW, .site_capacity = 0});
  CHECK(file.control().protocol == HEDDLE_INJECT_PROTOCOL);
  CHECK(file.control().size == sizeof(heddle_inject_control));
  CHECK(file.control().flags == HEDDLE_INJECT_RAW);
  CHECK(file.control().armed == 0);
  CHECK(file.control().record_offset == 0);
  CHECK(file.record() == nullptr);
  CHECK(std::filesystem::file_size(file.path()) == sizeof(heddle_inject_control));
}

TEST_CASE("the record has room for a power of two of sites, at least as many as asked for") {
  const PlanFile file = plan_file({.flags = 0, .site_capacity = 1000});
  REQUIRE(file.record() != nullptr);
  CHECK(file.record()->site_capacity == 1024);
  const char* const begin = reinterpret_cast<const char*>(&file.control());
  CHECK(reinterpret_cast<const char*>(file.record()) == begin + file.control().record_offset);
  CHECK(file.control().record_offset >= sizeof(heddle_inject_control));
  CHECK(std::filesystem::file_size(file.path()) == file.control().record_offset +
                                                       sizeof(heddle_inject_record) +
                                                       1024 * sizeof(heddle_inject_site));
}

TEST_CASE("arming writes the rules, starts totals at zero, and is another generation each time") {
  PlanFile file = plan_file({});
  std::vector<heddle_inject_rule> rules(2);
  rules[1].call = HEDDLE_INJECT_MMAP;
  REQUIRE(file.arm(rules).has_value());
  const std::uint32_t generation = file.control().armed;
  CHECK(generation != 0);
  CHECK(file.control().rule_count == 2);
  CHECK(file.control().rules[1].call == HEDDLE_INJECT_MMAP);
  file.control().totals[HEDDLE_INJECT_SHARDS - 1].rules[1] = {5, 3};
  CHECK(file.totals(1).reached == 5);
  CHECK(file.totals(1).fired == 3);
  file.disarm();
  CHECK(file.control().armed == 0);
  REQUIRE(file.arm({}).has_value());
  CHECK(file.control().armed != 0);
  CHECK(file.control().armed != generation);
  CHECK(file.control().rule_count == 0);
  CHECK(file.totals(1).reached == 0);
}

TEST_CASE("more rules than fit are refused, and those that are armed stay") {
  PlanFile file = plan_file({});
  REQUIRE(file.arm(std::vector<heddle_inject_rule>(1)).has_value());
  const auto armed = file.arm(std::vector<heddle_inject_rule>(HEDDLE_INJECT_MAXIMUM_RULES + 1));
  REQUIRE_FALSE(armed.has_value());
  CHECK(armed.error().find("at most 32") != std::string::npos);
  CHECK(file.control().rule_count == 1);
}

// Capacities below and above one page: the two ways in which memory is zeroed.
TEST_CASE("clearing a record forgets what the last run left, and keeps orders") {
  const auto capacity = GENERATE(std::uint32_t{4}, std::uint32_t{1024});
  PlanFile file = plan_file({.flags = 0, .site_capacity = capacity});
  heddle_inject_record& record = *file.record();
  record.launch.descriptor = 7;
  record.module_count = 3;
  record.modules[2].ready = 1;
  record.exit_state.observed = 1;
  record.observed_process = 8;
  record.lost_sites = record.unseen_calls = 1;
  for (std::uint32_t site = 0; site < capacity; ++site) {
    record.sites[site].key = 1;
    record.sites[site].frames[HEDDLE_INJECT_MAXIMUM_FRAMES - 1] = 1;
  }
  file.clear_record();
  CHECK(record.launch.descriptor == 7);
  CHECK(record.module_count == 0);
  CHECK(record.modules[2].ready == 0);
  CHECK(record.site_capacity == capacity);
  CHECK(record.exit_state.observed == 0);
  CHECK(record.observed_process == 0);
  CHECK(record.lost_sites == 0);
  CHECK(record.unseen_calls == 0);
  CHECK(std::all_of(record.sites, record.sites + capacity, [](const heddle_inject_site& site) {
    return site.key == 0 && site.frames[HEDDLE_INJECT_MAXIMUM_FRAMES - 1] == 0;
  }));
}

}  // namespace
}  // namespace heddle::inject
