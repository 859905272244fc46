#include <fmt/core.h>
#include <heddle/inject_control.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "speed.hpp"
#include "table.hpp"
#include "tool.hpp"

namespace heddle::inject::bench {
namespace {

/// Writes a plan file with these flags, which lives as long as this process. Its rule looks at each
/// getppid and never fires.
std::string plan_with(std::uint32_t flags) {
  const int descriptor = memfd_create("plan", MFD_CLOEXEC);
  const auto block = std::make_unique<heddle_inject_control>();
  block->protocol = HEDDLE_INJECT_PROTOCOL;
  block->size = sizeof(*block);
  block->flags = flags;
  block->rule_count = 1;
  block->rules[0].call = HEDDLE_INJECT_SYSTEM_CALL;
  block->rules[0].number = SYS_getppid;
  block->rules[0].action = HEDDLE_INJECT_ERROR;
  block->rules[0].error = 1;
  block->rules[0].first = block->rules[0].last = UINT64_MAX;
  block->armed = 1;
  if (write(descriptor, block.get(), sizeof(*block)) != static_cast<ssize_t>(sizeof(*block))) {
    std::perror("inject_bench: cannot write the plan");
    std::exit(1);
  }
  return fmt::format("/proc/{}/fd/{}", getpid(), descriptor);
}

Command under_shim(std::uint32_t flags, const Command& program) {
  return joined({"env", std::string("LD_PRELOAD=") + HEDDLE_BENCH_SHIM,
                 std::string(HEDDLE_INJECT_ENVIRONMENT) + "=" + plan_with(flags)},
                program);
}

Command by_name(int threads) {
  return {HEDDLE_BENCH_CALL_COST, "by-name", std::to_string(threads)};
}

struct Wrapped {
  double plain, disarmed, armed;  // ns; the last two over the plain call
};

/// Returns medians over several processes: the addresses of a process's code and stack make a
/// difference of some nanoseconds to all of its calls.
Wrapped cost(const Command& command) {
  constexpr std::size_t processes = 7;
  std::array<std::array<double, processes>, 3> found{};
  for (std::size_t process = 0; process < processes; ++process) {
    const std::vector<double> ns = numbers_of(command);
    found[0].at(process) = ns.at(0);
    found[1].at(process) = ns.at(1) - ns.at(0);
    found[2].at(process) = ns.at(2) - ns.at(0);
  }
  const auto median = [](std::array<double, processes>& values) {
    std::ranges::nth_element(values, &values[processes / 2]);
    return values[processes / 2];
  };
  return {median(found[0]), median(found[1]), median(found[2])};
}

void measure_wrapped_calls() {
  const Wrapped one = cost(under_shim(0, by_name(1)));
  const Wrapped two = cost(under_shim(0, by_name(2)));
  const Wrapped unwound = cost(under_shim(HEDDLE_INJECT_LIBUNWIND, by_name(1)));
  const Wrapped unwound_two = cost(under_shim(HEDDLE_INJECT_LIBUNWIND, by_name(2)));
  fmt::print("a wrapped mmap that fails at once, over the plain one ({:.0f} ns)\n", one.plain);
  print_line("  disarmed", one.disarmed, "ns");
  print_line("  armed, call stack by frame pointers", one.armed, "ns", Bound::at_most, 15);
  print_line("    in two threads at once", two.armed, "ns", Bound::at_most, 15);
  print_line("  armed, call stack by libunwind", unwound.armed, "ns", Bound::at_most, 75);
  print_line("    in two threads at once", unwound_two.armed, "ns", Bound::at_most, 75);
  if (!is_installed("fiu-run")) {
    print_missing("  libfiu", "fiu-run");
    return;
  }
  const auto libfiu = [](int threads) {
    return cost(joined({"fiu-run", "-x", "-c", "enable_random name=posix/mm/mmap,probability=0"},
                       by_name(threads)));
  };
  print_line("  libfiu, no call stack", libfiu(1).armed, "ns");
  print_line("    in two threads at once", libfiu(2).armed, "ns");
}

void measure_raw_calls() {
  const Command program{HEDDLE_BENCH_CALL_COST, "inline"};
  const double plain = numbers_of(program).at(0);
  const double raw = numbers_of(under_shim(HEDDLE_INJECT_RAW, program)).at(0);
  fmt::print("an inline system call ({:.0f} ns)\n", plain);
  print_line("  raw layer", raw / 1000, "us", Bound::at_most, 3);
  if (!is_installed("strace")) {
    print_missing("  strace -e inject", "strace");
    return;
  }
  const double traced = numbers_of(joined({"strace", "-o", "/dev/null", "-e", "trace=getppid", "-e",
                                           "inject=getppid:error=EPERM:when=65535"},
                                          program))
                            .at(0);
  print_line("  strace -e inject", traced / 1000, "us");
  print_line("  strace / raw layer", traced / raw, "times", Bound::at_least, 6);
}

}  // namespace

void measure_calls() {
  measure_wrapped_calls();
  measure_raw_calls();
}

}  // namespace heddle::inject::bench
