#include "bench_main.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstring>
#include <fstream>
#include <heddle/runtime.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <thread>

#include "report.hpp"

namespace heddle::bench {
namespace {

constexpr int usage_error = 2;

struct Options {
  Plan plan;
  std::string filter = ".";
  std::optional<std::string> json_file;
};

std::vector<const Operation*> chosen_by(const std::string& filter) {
  const std::regex pattern(filter);
  std::vector<const Operation*> chosen;
  for (const Operation& operation : operations()) {
    if (std::regex_search(std::string(operation.name), pattern)) {
      chosen.push_back(&operation);
    }
  }
  return chosen;
}

// Gives threads of the contenders that cannot set a stack size the size that Rust's have.
void set_default_stack_size() {
  pthread_attr_t attributes;
  if (::pthread_attr_init(&attributes) == 0) {
    static_cast<void>(::pthread_attr_setstacksize(&attributes, std::size_t{2} * 1024 * 1024));
    static_cast<void>(::pthread_setattr_default_np(&attributes));
    static_cast<void>(::pthread_attr_destroy(&attributes));
  }
}

// Hides the handlers of stack overflows that Rust has installed at its start. A runtime that finds
// handlers leaves them alone, and does without alternate stacks.
void hide_handlers_of_rust() {
  static_cast<void>(::signal(SIGSEGV, SIG_DFL));
  static_cast<void>(::signal(SIGBUS, SIG_DFL));
}

Report run(const std::vector<const Operation*>& chosen, std::vector<Contender> contenders,
           const Plan& plan) {
  Report report{std::move(contenders), {}, {}};
  report.findings = findings_of(measure(chosen, report.contenders, plan));
  constexpr std::size_t threads = 200;
  for (const Contender& contender : report.contenders) {
    report.resources.push_back({contender.name, resources_of(contender.loops->spawn_join,
                                                             plan.iterations.value_or(threads))});
  }
  return report;
}

int write_json(const Report& report, const std::string& path) {
  std::ofstream file(path);
  file << as_json(report).dump(2) << "\n";
  file.close();
  if (!file) {
    fmt::print(stderr, "heddle-bench: cannot write {}: {}\n", path, std::strerror(errno));
    return 1;
  }
  return 0;
}

int bench(const Options& options, const Loops* rust) {
  const auto chosen = chosen_by(options.filter);
  if (chosen.empty()) {
    fmt::print(stderr, "heddle-bench: --filter {}: no operation has a name that matches\n",
               options.filter);
    return usage_error;
  }
  set_default_stack_size();
  // libc and libstdc++ leave out atomic operations in a process that has never had a second thread.
  std::thread([] {}).join();
  std::vector<Contender> contenders{{"heddle", &heddle_loops()}};
  if (rust != nullptr) {
    contenders.push_back({"rust", rust});
  }
  contenders.push_back({"libstdc++", &libstdcxx_loops()});
  contenders.push_back({"floor", &floor_loops()});
  const Report report = run(chosen, std::move(contenders), options.plan);
  fmt::print("{}", as_table(report));
  return options.json_file ? write_json(report, *options.json_file) : 0;
}

}  // namespace
}  // namespace heddle::bench

int heddle_bench_main(int argc, const char* const* argv, const heddle::bench::Loops* rust) {
  heddle::bench::Options options;
  CLI::App app("Measures the reference runtime against Rust's std, libstdc++ and bare pthreads.",
               "heddle-bench");
  app.add_option("--rounds", options.plan.rounds, "Rounds that count; one more warms up")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--minimum-time", options.plan.minimum_time_s,
                 "Length of one measurement, in seconds")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--iterations", options.plan.iterations,
                 "Iterations in one measurement, instead of a minimum time")
      ->check(CLI::PositiveNumber);
  app.add_option("--filter", options.filter, "Regular expression for the operations' names");
  app.add_option("--json", options.json_file, "File to write all figures to");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool asked_for_help = error.get_exit_code() == 0;
    return app.exit(error) == 0 && asked_for_help ? 0 : heddle::bench::usage_error;
  }
  heddle::bench::hide_handlers_of_rust();
  return heddle::runtime::run([&] { return heddle::bench::bench(options, rust); });
}
