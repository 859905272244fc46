// The whole: mutants of the reference itself are built and judged, and survivors are told.
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/catch.hpp"
#include "support/json_lines.hpp"
#include "support/program_run.hpp"

using Catch::Matchers::ContainsSubstring;
using heddle::tests::json_lines_of;
using heddle::tests::ProgramRun;
using heddle::tests::run_program;

namespace {

namespace fs = std::filesystem;

// What all mutants share stays from one test to the next, and the log does not.
const fs::path work = HEDDLE_MUTATION_WORK;

ProgramRun mutate(std::vector<std::string> options) {
  options.insert(options.begin(), {HEDDLE_MUTATE, "--work", work});
  return run_program(options);
}

fs::path written(const std::string& name, const std::string& text) {
  fs::create_directories(work);
  std::ofstream(work / name) << text;
  return work / name;
}

std::map<std::string, std::size_t> logged_outcomes() {
  std::ostringstream text;
  text << std::ifstream(work / "log.jsonl").rdbuf();
  std::map<std::string, std::size_t> outcomes;
  for (const auto& entry : json_lines_of(text.str())) {
    ++outcomes[entry.at("outcome")];
  }
  return outcomes;
}

// The seed picks mutants that are quickly called out, and one that is equivalent.
const std::vector<std::string> sample = {"--file",   "impl/thread/parker.cpp",
                                         "--file",   "impl/thread/scope_data.cpp",
                                         "--file",   "impl/thread/thread_i*.cpp",
                                         "--sample", "6",
                                         "--seed",   "1"};

}  // namespace

TEST_CASE("a sample of the reference's mutants is killed, or has a reason to survive") {
  fs::remove(work / "log.jsonl");
  const ProgramRun run = mutate(sample);
  INFO(run.standard_output << run.standard_error);
  CHECK(run.status == 0);
  auto outcomes = logged_outcomes();
  CHECK(outcomes["killed"] + outcomes["equivalent"] + outcomes["survived"] + outcomes["invalid"] ==
        6);
  CHECK(outcomes["killed"] >= 3);

  // What is in the log is not judged again.
  const ProgramRun second = mutate(sample);
  CHECK(second.status == 0);
  CHECK(second.standard_error.empty());
  CHECK(second.standard_output == run.standard_output);
}

TEST_CASE("survivors without a reason, and reasons without a survivor, are findings") {
  const auto line = [](const char* outcome) {
    const nlohmann::json entry = {{"file", "impl/sys/page_size.cpp"},
                                  {"was", "return size;"},
                                  {"is", ";"},
                                  {"nth", 1},
                                  {"outcome", outcome}};
    return entry.dump() + "\n";
  };
  const std::string first =
      run_program({HEDDLE_MUTATE, "--list", "--file", "impl/thread/park*"}).standard_output;
  REQUIRE_THAT(first, ContainsSubstring("impl/thread/parker.cpp:"));
  // A mutant of the real file, with made-up outcomes.
  const std::string was = "sys::futex_wake_one(state_);";
  const auto log = [&](const char* outcome) {
    auto entry = nlohmann::json::parse(line(outcome));
    entry["file"] = "impl/thread/parker.cpp";
    entry["was"] = was;
    fs::create_directories(work / "made");
    std::ofstream(work / "made" / "log.jsonl") << entry.dump() << "\n";
  };
  const auto report = [&](const fs::path& reasons) {
    return run_program({HEDDLE_MUTATE, "--work", work / "made", "--report", "--reasons", reasons});
  };
  const fs::path none = written("none.txt", "# none\n");
  const fs::path listed = written(
      "listed.txt", "file: impl/thread/parker.cpp\nwas: " + was + "\nis: ;\naccepted: made up\n");
  log("survived");
  CHECK(report(none).status == 1);
  CHECK_THAT(report(none).standard_output, ContainsSubstring("without a reason"));
  CHECK(report(listed).status == 0);
  CHECK_THAT(report(listed).standard_output, ContainsSubstring("accepted: made up"));
  log("killed");
  CHECK(report(none).status == 0);
  CHECK(report(listed).status == 1);
  CHECK_THAT(report(listed).standard_output, ContainsSubstring("though they are not"));
}

TEST_CASE("a mistake is told before anything is built") {
  CHECK(mutate({"--shard", "3/2"}).status == 2);
  CHECK(mutate({"--file", "nowhere/*"}).status == 2);
  CHECK(mutate({"--again", "unheard"}).status == 2);
  CHECK(mutate({"--unknown"}).status == 2);
  const fs::path wrong =
      written("wrong.txt", "file: impl/io/print.cpp\nwas: nothing\nis: ;\naccepted: made up\n");
  const ProgramRun run = mutate({"--reasons", wrong});
  CHECK(run.status == 2);
  CHECK_THAT(run.standard_error, ContainsSubstring("names no mutant"));
}

TEST_CASE("the shards have every mutant once") {
  const auto listed = [](const char* shard) {
    const std::string text = mutate({"--list", "--shard", shard}).standard_output;
    return std::count(text.begin(), text.end(), '\n');
  };
  CHECK(listed("1/3") > 0);
  CHECK(listed("1/3") + listed("2/3") + listed("3/3") == listed("1/1"));
}
