#include "series.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "processors.hpp"

namespace heddle::bench {
namespace {

// A reporter that keeps the last run and prints nothing.
class LastRun : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& /*context*/) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override { run_ = runs.back(); }
  const Run& get() const { return run_; }

 private:
  Run run_;
};

// Takes one measurement. The loop is in the contender's language, so one call is told all
// iterations.
benchmark::BenchmarkReporter::Run run_once(const Batch& batch, Place place, const Plan& plan,
                                           std::size_t iterations) {
  benchmark::ClearRegisteredBenchmarks();
  auto* const registered = benchmark::RegisterBenchmark("loop", [&batch](benchmark::State& state) {
    while (state.KeepRunningBatch(state.max_iterations)) {
      batch(static_cast<std::size_t>(state.max_iterations));
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

// One operation, measured with all contenders that offer it.
struct SideBySide {
  const Operation* operation;
  std::vector<Batch> batches;
  std::vector<Series> series;  // one for each batch
  std::size_t iterations = 0;  // 0: not known yet

  SideBySide(const Operation& its_operation, const std::vector<Contender>& contenders)
      : operation(&its_operation) {
    for (const Contender& contender : contenders) {
      if (Batch batch = operation->batch(*contender.loops)) {
        batches.push_back(std::move(batch));
        series.push_back({operation, contender.name, {}});
      }
    }
  }

  // Finds out how many iterations take the minimum time, and takes the fastest contender's number
  // for all. A measurement on a busy machine asks for too few, so the largest number decides.
  void warm_up(const Plan& plan) {
    for (const Batch& batch : batches) {
      const auto run = run_once(batch, operation->place, plan, plan.iterations.value_or(0));
      iterations = std::max(iterations, static_cast<std::size_t>(run.iterations));
    }
  }

  void measure_round(std::size_t round, const Plan& plan) {
    for (std::size_t i = 0; i < batches.size(); ++i) {
      const std::size_t next = (i + round) % batches.size();
      const auto run = run_once(batches[next], operation->place, plan, iterations);
      series[next].times_ns.push_back(operation->place == Place::one_cpu
                                          ? run.GetAdjustedCPUTime()
                                          : run.GetAdjustedRealTime());
    }
  }
};

}  // namespace

std::vector<Series> measure(const std::vector<const Operation*>& chosen,
                            const std::vector<Contender>& contenders, const Plan& plan) {
  std::vector<SideBySide> all;
  all.reserve(chosen.size());
  for (const Operation* const operation : chosen) {
    all.emplace_back(*operation, contenders).warm_up(plan);
  }
  for (std::size_t round = 0; round < plan.rounds; ++round) {
    fmt::print(stderr, "heddle-bench: round {} of {}\n", round + 1, plan.rounds);
    for (SideBySide& side_by_side : all) {
      side_by_side.measure_round(round, plan);
    }
  }
  std::vector<Series> series;
  for (SideBySide& side_by_side : all) {
    std::move(side_by_side.series.begin(), side_by_side.series.end(), std::back_inserter(series));
  }
  return series;
}

}  // namespace heddle::bench
