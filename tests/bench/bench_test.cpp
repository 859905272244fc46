// That everything is measured and told; never how long it took.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "impl/bench/operation.hpp"
#include "support/catch.hpp"
#include "support/program_run.hpp"

using Catch::Matchers::ContainsSubstring;
using heddle::bench::Operation;
using heddle::bench::operations;
using heddle::tests::ProgramRun;
using heddle::tests::run_program;

namespace {

// One round of one iteration each; nothing of it is worth reading but that it is there.
struct ShortRun {
  ProgramRun run;
  nlohmann::json report;

  ShortRun() {
    const std::string file = HEDDLE_BENCH_REPORT + std::to_string(::getpid()) + ".json";
    run = run_program({HEDDLE_BENCH, "--rounds", "1", "--iterations", "1", "--json", file});
    std::ifstream stream(file);
    report = nlohmann::json::parse(stream, nullptr, false);
    std::filesystem::remove(file);
  }
};

}  // namespace

TEST_CASE("every operation is measured once a round and reported") {
  const ShortRun short_run;
  CAPTURE(short_run.run.standard_error);
  REQUIRE(short_run.run.status == 0);
  const auto& findings = short_run.report.at("findings");
  REQUIRE(findings.size() == operations().size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Operation& operation = operations()[i];
    CAPTURE(operation.name);
    CHECK(findings[i].at("operation") == operation.name);
    for (const auto& [contender, times] : findings[i].at("times").items()) {
      CAPTURE(contender);
      REQUIRE(times.at("rounds_ns").size() == 1);
      CHECK(times["rounds_ns"][0].get<double>() > 0);
    }
  }
}

TEST_CASE("every contender that was built is counted and timed") {
  const ShortRun short_run;
  for (const auto& [contender, built_by] : short_run.report.at("contenders").items()) {
    CAPTURE(contender, built_by);
    CHECK(short_run.report.at("spawn_join_resources").contains(contender));
    CHECK(short_run.report.at("findings").at(0).at("times").contains(contender));
  }
}

TEST_CASE("the table has a line for every operation") {
  const ShortRun short_run;
  CAPTURE(short_run.run.standard_output);
  std::vector<std::string> lines;
  std::istringstream table(short_run.run.standard_output);
  for (std::string line; std::getline(table, line);) {
    lines.push_back(line);
  }
  // In their order, since some are there twice: on one CPU, and on two.
  auto after = lines.begin();
  for (const Operation& operation : operations()) {
    CAPTURE(operation.name);
    after = std::find_if(after, lines.end(), [&](const std::string& line) {
      return line.starts_with(std::string(operation.name) + " ");
    });
    REQUIRE(after != lines.end());
    ++after;
  }
}

TEST_CASE("a filter that fits no operation is a mistake") {
  const ProgramRun run = run_program({HEDDLE_BENCH, "--filter", "no such thing"});
  CHECK(run.status == 2);
  CHECK_THAT(run.standard_error, ContainsSubstring("no such thing"));
}

TEST_CASE("a report that cannot be written is told") {
  const ProgramRun run = run_program({HEDDLE_BENCH, "--rounds", "1", "--iterations", "1",
                                      "--filter", "catch", "--json", "/nowhere/report.json"});
  CHECK(run.status == 1);
  CHECK_THAT(run.standard_error, ContainsSubstring("/nowhere/report.json"));
}
