#include "operation.hpp"

#include "contenders/measured_value.hpp"

namespace heddle::bench {
namespace {

Batch reads(const ThreadLocals* thread_locals, Read read) {
  if (read == nullptr) {
    return {};
  }
  return [=](std::size_t iterations) {
    thread_locals->prepare(iterations);
    std::uint64_t sum = 0;
    repeat([&] { sum += read(); }, iterations);
    benchmark::DoNotOptimize(sum);
  };
}

}  // namespace

const std::vector<Operation>& operations() {
  constexpr auto one_cpu = Place::one_cpu;
  constexpr auto two_cpus = Place::two_cpus;
  using L = Loops;
  static const std::vector<Operation> all{
      {"spawn, join", one_cpu, [](const L& of) { return Batch(of.spawn_join); }, "rust", 0.76},
      {"spawn 64, then join", one_cpu, [](const L& of) { return Batch(of.spawn_64_join); }, "rust",
       0.92},
      {"scope of 8", one_cpu, [](const L& of) { return Batch(of.scope_8); }, "rust", {}},
      {"scope of 64", one_cpu, [](const L& of) { return Batch(of.scope_64); }, "rust", {}},
      {"unpark, park", one_cpu, [](const L& of) { return Batch(of.unpark_park); }, "rust", 0.55},
      {"park round trip", one_cpu, [](const L& of) { return Batch(of.round_trip); }, "rust", 1.05},
      {"current, id", one_cpu, [](const L& of) { return Batch(of.current_id); }, "rust", 0.6},
      {"catch, no panic", one_cpu, [](const L& of) { return Batch(of.catch_nothing); }, "floor",
       1.05},
      {"panic, depth 1", one_cpu, [](const L& of) { return Batch(of.panic_depth_1); }, "rust",
       0.72},
      {"panic, depth 10", one_cpu, [](const L& of) { return Batch(of.panic_depth_10); }, "rust",
       0.88},
      {"panic, 10 destructors", one_cpu,
       [](const L& of) { return Batch(of.panic_depth_10_destructors); }, "rust", 1.05},

      {"local: trivial", one_cpu,
       [](const L& of) { return reads(of.in_executable, of.in_executable->trivial); }, "rust",
       1.05},
      {"local: constant", one_cpu,
       [](const L& of) { return reads(of.in_executable, of.in_executable->constant); }, "rust",
       1.05},
      {"local: lazy", one_cpu,
       [](const L& of) { return reads(of.in_executable, of.in_executable->lazy); }, "rust", 1.05},
      {"local: system key",
       one_cpu,
       [](const L& of) { return reads(of.in_executable, of.in_executable->system_key); },
       "floor",
       {}},
      // In a shared library, Rust's thread locals are general-dynamic.
      {"shared: trivial", one_cpu,
       [](const L& of) { return reads(of.in_shared_library, of.in_shared_library->trivial); },
       "rust", 0.65},
      {"shared: constant", one_cpu,
       [](const L& of) { return reads(of.in_shared_library, of.in_shared_library->constant); },
       "rust", 0.65},
      {"shared: lazy", one_cpu,
       [](const L& of) { return reads(of.in_shared_library, of.in_shared_library->lazy); }, "rust",
       0.65},
      {"shared: system key",
       one_cpu,
       [](const L& of) { return reads(of.in_shared_library, of.in_shared_library->system_key); },
       "floor",
       {}},

      {"spawn, join", two_cpus, [](const L& of) { return Batch(of.spawn_join); }, "rust", {}},
      {"spawn 64, then join",
       two_cpus,
       [](const L& of) { return Batch(of.spawn_64_join); },
       "rust",
       {}},
      {"scope of 8", two_cpus, [](const L& of) { return Batch(of.scope_8); }, "rust", {}},
      {"scope of 64", two_cpus, [](const L& of) { return Batch(of.scope_64); }, "rust", {}},
      {"park round trip", two_cpus, [](const L& of) { return Batch(of.round_trip); }, "rust", {}},
  };
  return all;
}

}  // namespace heddle::bench
