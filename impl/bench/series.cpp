#include "series.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>

#include "processors.hpp"

namespace heddle::bench {
namespace {

// Keeps the last run, and prints nothing.
class LastRun : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& /*context*/) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override { run_ = runs.back(); }
  const Run& get() const { return run_; }

 private:
  Run run_;
};

// One measurement. The loop is the contender's own, so it is told once how often.
benchmark::BenchmarkReporter::Run run_once(Loop loop, Place place, const Plan& plan,
                                           std::size_t iterations) {
  benchmark::ClearRegisteredBenchmarks();
  auto* const registered = benchmark::RegisterBenchmark("loop", [loop](benchmark::State& state) {
    while (state.KeepRunningBatch(state.max_iterations)) {
      loop(static_cast<std::size_t>(state.max_iterations));
    }
  });
  if (iterations == 0) {
    registered->MinTime(plan.minimum_time_s);
  } else {
    registered->Iterations(static_cast<benchmark::IterationCount>(iterations));
  }
  if (place == Place::one_cpu) {
    registered->MeasureProcessCPUTime();
  } else {
    registered->UseRealTime();
  }
  const Processors processors(place == Place::one_cpu ? 1 : 2);
  LastRun last;
  benchmark::RunSpecifiedBenchmarks(&last);
  return last.get();
}

// A series that is being measured.
struct Measured {
  Series series;
  Loop loop;
  std::size_t iterations;

  double time(const Plan& plan) {
    const Place place = series.operation->place;
    const auto run = run_once(loop, place, plan, iterations);
    iterations = static_cast<std::size_t>(run.iterations);
    return place == Place::one_cpu ? run.GetAdjustedCPUTime() : run.GetAdjustedRealTime();
  }
};

std::vector<Measured> contenders_for(const Operation& operation,
                                     const std::vector<Contender>& contenders,
                                     std::size_t iterations) {
  std::vector<Measured> all;
  for (const Contender& contender : contenders) {
    if (const Loop loop = operation.loop(*contender.loops); loop != nullptr) {
      all.push_back({{&operation, contender.name, {}}, loop, iterations});
    }
  }
  return all;
}

}  // namespace

std::vector<Series> measure(const std::vector<const Operation*>& chosen,
                            const std::vector<Contender>& contenders, const Plan& plan) {
  std::vector<std::vector<Measured>> all;
  all.reserve(chosen.size());
  for (const Operation* const operation : chosen) {
    all.push_back(contenders_for(*operation, contenders, plan.iterations.value_or(0)));
  }
  for (std::size_t round = 0; round <= plan.rounds; ++round) {
    fmt::print(stderr, "heddle-bench: round {} of {}\n", round, plan.rounds);
    for (auto& side_by_side : all) {
      for (std::size_t i = 0; i < side_by_side.size(); ++i) {
        Measured& measured = side_by_side[(i + round) % side_by_side.size()];
        const double time_ns = measured.time(plan);
        if (round > 0) {
          measured.series.times_ns.push_back(time_ns);
        }
      }
    }
  }
  std::vector<Series> series;
  for (auto& side_by_side : all) {
    for (Measured& measured : side_by_side) {
      series.push_back(std::move(measured.series));
    }
  }
  return series;
}

}  // namespace heddle::bench
