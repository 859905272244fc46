#include "resources.hpp"

#include <sys/resource.h>

#include "allocations.hpp"
#include "system_calls.hpp"

namespace heddle::bench {
namespace {

long page_faults_so_far() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);  // cannot fail
  return usage.ru_minflt;
}

}  // namespace

Resources resources_of(Loop spawn_join, std::size_t iterations) {
  const auto times = static_cast<double>(iterations);
  spawn_join(1);
  const long faults_before = page_faults_so_far();
  const Allocations before = allocations();
  count_allocations(true);
  spawn_join(iterations);
  count_allocations(false);
  const Allocations after = allocations();
  const long faults_after = page_faults_so_far();
  Resources all{
      .allocations = static_cast<double>(after.calls - before.calls) / times,
      .allocated_bytes = static_cast<double>(after.bytes - before.bytes) / times,
      .page_faults = static_cast<double>(faults_after - faults_before) / times,
      .system_calls = {},
      .mapped_bytes = {},
  };
  // The difference leaves out the cost of a process's first thread, and of the child itself.
  const auto few = system_calls_of([&] { spawn_join(1); });
  const auto many = system_calls_of([&] { spawn_join(1 + iterations); });
  if (few && many) {
    all.system_calls = static_cast<double>(many->calls - few->calls) / times;
    all.mapped_bytes = static_cast<double>(many->mapped_bytes - few->mapped_bytes) / times;
  }
  return all;
}

}  // namespace heddle::bench
