// Makes mutants of the reference, has the suite judge them, and reports those that it lets pass.
#include <fmt/format.h>
#include <fnmatch.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "mutation/judge.hpp"
#include "mutation/log.hpp"
#include "mutation/mutant.hpp"
#include "mutation/reasons.hpp"
#include "mutation/table.hpp"
#include "mutation/workshop.hpp"

namespace heddle::mutation {
namespace {

constexpr int all_fine = 0;
constexpr int finding = 1;
constexpr int bad_input = 2;

struct Options {
  std::string source = HEDDLE_SOURCE;
  std::string compiler = HEDDLE_COMPILER;
  std::string conform = HEDDLE_CONFORM;
  std::string work = "build/mutation";
  std::string reasons = HEDDLE_SOURCE "/tests/mutation/survivors.txt";
  std::vector<std::string> files;
  std::string shard = "1/1";
  std::string again;
  std::size_t sample = 0;
  std::uint64_t seed = 1;
  std::size_t jobs = 1;
  long processor_time = 600;
  bool list = false;
  bool report = false;
};

// FNV-1a over the name and the seed: the order in which mutants are taken. So a run that ends early
// has judged a fair sample, and a change elsewhere in a file takes no other one.
std::uint64_t rank_of(const Mutant& mutant, std::uint64_t seed) {
  const std::string text =
      fmt::format("{}\n{}\n{}\n{}\n{}", seed, mutant.file, mutant.was, mutant.is, mutant.nth);
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char character : text) {
    hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3;
  }
  // The last characters have reached the low bits alone.
  return (hash ^ (hash >> 32U)) * 0x9e3779b97f4a7c15;
}

std::vector<Mutant> all_mutants(const std::string& source) {
  std::vector<Mutant> mutants;
  for (const std::string& file : reference_sources(source)) {
    const auto found = mutants_of(file, text_of_file(fmt::format("{}/{}", source, file)));
    mutants.insert(mutants.end(), found.begin(), found.end());
  }
  return mutants;
}

std::pair<std::size_t, std::size_t> shard_of(const std::string& text) {
  std::size_t number = 0;
  std::size_t count = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%zu/%zu%c", &number, &count, &rest) != 2 || number == 0 ||
      number > count) {
    throw std::runtime_error("--shard " + text + ": write I/N, such as 1/4");
  }
  return {number, count};
}

std::vector<Mutant> selected(std::vector<Mutant> mutants, const Options& options) {
  std::erase_if(mutants, [&](const Mutant& mutant) {
    return !options.files.empty() &&
           std::none_of(options.files.begin(), options.files.end(), [&](const auto& pattern) {
             return ::fnmatch(pattern.c_str(), mutant.file.c_str(), 0) == 0;
           });
  });
  const auto [number, count] = shard_of(options.shard);
  std::erase_if(mutants, [&, number = number, count = count](const Mutant& mutant) {
    return rank_of(mutant, 0) % count != number - 1;
  });
  if (mutants.empty()) {
    throw std::runtime_error("these options select no mutant");
  }
  if (options.sample != 0) {
    std::stable_sort(mutants.begin(), mutants.end(), [&](const Mutant& left, const Mutant& right) {
      return rank_of(left, options.seed) < rank_of(right, options.seed);
    });
    mutants.resize(std::min(mutants.size(), options.sample));
  }
  return mutants;
}

class Run {
 public:
  Run(const Options& options, Log& log)
      : options_(options),
        log_(log),
        workshop_({options.source, options.compiler, options.work}),
        judge_(options.conform, std::chrono::seconds(options.processor_time)) {}

  // Judges the mutants. Throws what went wrong first, when all jobs have ended.
  void judge(const std::vector<Mutant>& mutants) {
    next_ = 0;
    done_ = 0;
    std::vector<std::thread> jobs;
    for (std::size_t job = 1; job <= options_.jobs; ++job) {
      jobs.emplace_back([&, job] { work(mutants, job); });
    }
    for (std::thread& job : jobs) {
      job.join();
    }
    if (failure_) {
      std::rethrow_exception(failure_);
    }
  }

 private:
  void work(const std::vector<Mutant>& mutants, std::size_t job) {
    for (std::size_t index = next_++; index < mutants.size(); index = next_++) {
      try {
        judge_one(mutants[index], job, mutants.size());
      } catch (...) {
        const std::lock_guard lock(mutex_);
        failure_ = failure_ ? failure_ : std::current_exception();
        next_ = mutants.size();
      }
    }
  }

  void judge_one(const Mutant& mutant, std::size_t job, std::size_t all) {
    const Built built = workshop_.build(mutant, job);
    Judgement judgement{Judgement::Outcome::invalid, {}, {}, {}};
    if (built.state == Built::State::equivalent) {
      judgement.outcome = Judgement::Outcome::equivalent;
    } else if (built.state == Built::State::ready) {
      const std::optional<Judgement> known = log_.find(mutant);
      const bool passed = known && known->outcome == Judgement::Outcome::passed;
      judgement = passed ? judge_.judge_slowly(built) : judge_.judge_quickly(built);
    }
    log_.add(mutant, judgement);
    const std::lock_guard lock(mutex_);
    ++done_;
    fmt::print(stderr, "{}/{} {}: {} {} {}  =>  {}\n", done_, all, mutant.file,
               name_of(judgement.outcome), judgement.clause, mutant.was, mutant.is);
  }

  const Options& options_;
  Log& log_;
  Workshop workshop_;
  Judge judge_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;  // for all below
  std::size_t done_ = 0;
  std::exception_ptr failure_;
};

int list(const std::vector<Mutant>& mutants) {
  for (const Mutant& mutant : mutants) {
    fmt::print("{}:{}: {}: {}  =>  {}\n", mutant.file, mutant.line, mutant.change, mutant.was,
               mutant.is);
  }
  return all_fine;
}

int mutate(const Options& options) {
  const std::vector<Mutant> all = all_mutants(options.source);
  const std::vector<Mutant> chosen = selected(all, options);
  const Reasons reasons(text_of_file(options.reasons));
  for (const std::string& unknown : reasons.unknown(all)) {
    throw std::runtime_error(options.reasons + " names no mutant: " + unknown);
  }
  if (options.list) {
    return list(chosen);
  }
  std::filesystem::create_directories(options.work);
  Log log(options.work + "/log.jsonl");
  const auto with = [&](const auto& wanted) {
    std::vector<Mutant> found;
    std::copy_if(chosen.begin(), chosen.end(), std::back_inserter(found),
                 [&](const Mutant& mutant) { return wanted(log.find(mutant)); });
    return found;
  };
  const auto left = with([&](const std::optional<Judgement>& known) {
    return !known || (!options.again.empty() && name_of(known->outcome) == options.again);
  });
  const auto passed = [](const std::optional<Judgement>& known) {
    return known && known->outcome == Judgement::Outcome::passed;
  };
  if (!options.report && (!left.empty() || !with(passed).empty())) {
    Run run(options, log);
    run.judge(left);
    // What takes the suite long, at the end: it has the fewest left to judge then.
    run.judge(with(passed));
  }
  const Summary summary = summary_of(chosen, log, reasons);
  fmt::print("{}", summary.text);
  return summary.unexplained == 0 ? all_fine : finding;
}

void describe(CLI::App& app, Options& options) {
  app.add_option("--file", options.files, "Only files that match, such as 'impl/thread/*'");
  app.add_option("--shard", options.shard, "I/N: only part I of N")->capture_default_str();
  app.add_option("--sample", options.sample, "Only N of them, picked by --seed");
  app.add_option("--seed", options.seed, "Seed of the sample")->capture_default_str();
  app.add_option("--jobs", options.jobs, "Mutants at once")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--again", options.again, "Judge those anew that had this outcome")
      ->check([](const std::string& name) {
        return outcome_named(name) ? "" : "there is no outcome " + name;
      });
  app.add_flag("--list", options.list, "Print the mutants, and judge none");
  app.add_flag("--report", options.report, "Print what the log has, and judge none");
  app.add_option("--processor-time", options.processor_time,
                 "Seconds that the suite may use for one mutant")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--source", options.source, "Top of the tree whose impl/ is changed");
  app.add_option("--conform", options.conform, "The suite's program");
  app.add_option("--work", options.work, "Folder for the log and for what is built")
      ->capture_default_str();
  app.add_option("--reasons", options.reasons, "File that says which mutants may survive");
  app.footer(
      "Exit codes:\n"
      "  0  every survivor has a reason      2  mistake on the command line or in the reasons,\n"
      "  1  a survivor without a reason         or a mutant could not be judged");
}

}  // namespace
}  // namespace heddle::mutation

// NOLINTNEXTLINE(bugprone-exception-escape): the description of the options throws only for a bug
int main(int argc, char** argv) {
  using namespace heddle::mutation;
  Options options;
  CLI::App app("Changes the reference runtime in small ways, and has the suite judge each change.",
               "heddle-mutate");
  describe(app, options);
  try {
    app.parse(argc, argv);
    return mutate(options);
  } catch (const CLI::ParseError& error) {
    const bool asked_for_help = error.get_exit_code() == 0;
    return app.exit(error) == 0 && asked_for_help ? 0 : bad_input;
  } catch (const std::exception& error) {
    static_cast<void>(std::fprintf(stderr, "heddle-mutate: %s\n", error.what()));
    return bad_input;
  }
}
