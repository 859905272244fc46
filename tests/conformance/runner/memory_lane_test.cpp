// Errors and leaks of a subject's memory become verdicts of the clause in whose case they happen.
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "stage/sanitizer.hpp"
#include "support/catch.hpp"
#include "support/json_lines.hpp"
#include "support/program_run.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using heddle::tests::json_lines_of;
using heddle::tests::ProgramRun;
using heddle::tests::run_program;

namespace {

// The lanes need a build without a sanitizer.
const std::vector<std::string> lanes = heddle::conformance::sanitizer().empty()
                                           ? std::vector<std::string>{"memcheck", "leaks"}
                                           : std::vector<std::string>{};

nlohmann::json record_of(const std::string& subject, const std::string& clause,
                         const std::string& lane) {
  std::vector<std::string> command = {HEDDLE_CONFORM, HEDDLE_TEST_SUBJECTS "/lib" + subject + ".so",
                                      "--jobs",       "1",
                                      "--format",     "json",
                                      "--clause",     clause};
  if (!lane.empty()) {
    command.insert(command.end(), {"--check", lane});
  }
  const ProgramRun run = run_program(command);
  for (const auto& line : json_lines_of(run.standard_output)) {
    if (line.value("clause", "") == clause) {
      return line;
    }
  }
  FAIL("no record: " << run.standard_output << run.standard_error);
  return {};
}

}  // namespace

TEST_CASE("a correct subject holds in both lanes") {
  for (const std::string& lane : lanes) {
    const auto record = record_of("in_nothing", "SPAWN-001", lane);
    CAPTURE(lane, record.dump(2));
    CHECK(record["verdict"] == "holds");
    CHECK(record["memory"].empty());
  }
}

TEST_CASE("memory that is lost is the clause's, with its stack and its size") {
  for (const std::string& lane : lanes) {
    const auto record = record_of("by_losing_memory", "SPAWN-001", lane);
    CAPTURE(record.dump(2));
    CHECK(record["verdict"] == "fails");
    CHECK(record["cause"] == "leak");
    CHECK_THAT(record["happened"].get<std::string>(), ContainsSubstring("8 bytes in 1 block lost"));
    CHECK_THAT(record["replay"].get<std::string>(), EndsWith(" --check " + lane));
    CHECK(record["reproduced"] == "10/10");
  }
  CHECK(record_of("by_losing_memory", "SPAWN-001", "")["verdict"] == "holds");
}

TEST_CASE("memory that is lost when the system refuses a thread belongs to the refusal's clause") {
  for (const std::string& lane : lanes) {
    CAPTURE(lane);
    CHECK(record_of("in_nothing", "SPAWN-007", lane)["verdict"] == "holds");
    const auto record = record_of("by_losing_memory_when_refused", "SPAWN-007", lane);
    CAPTURE(record.dump(2));
    CHECK(record["cause"] == "leak");
    REQUIRE(record["memory"].size() == 1);
    CHECK(record["memory"][0]["bytes"] == sizeof(pthread_t));
    CHECK(record["memory"][0]["blocks"] == 1);
    CHECK_THAT(record["memory"][0]["stack"].dump(), ContainsSubstring("spawn"));
    CHECK(record_of("by_losing_memory_when_refused", "SPAWN-001", lane)["verdict"] == "holds");
  }
}

TEST_CASE("memory that is lost before the case is no matter of its clause") {
  for (const std::string& lane : lanes) {
    CAPTURE(lane);
    CHECK(record_of("by_losing_memory_when_loaded", "SPAWN-001", lane)["verdict"] == "holds");
  }
}

TEST_CASE("a read of freed memory is memcheck's to see") {
  if (lanes.empty()) {
    return;
  }
  const auto record = record_of("by_reading_freed_memory", "SPAWN-001", "memcheck");
  CAPTURE(record.dump(2));
  CHECK(record["verdict"] == "fails");
  CHECK(record["cause"] == "memory_error");
  REQUIRE_FALSE(record["memory"].empty());
  CHECK(record["memory"][0]["kind"] == "InvalidRead");
  CHECK_THAT(record["memory"][0]["stack"][0].get<std::string>(), ContainsSubstring("join"));
  CHECK(record_of("by_reading_freed_memory", "SPAWN-001", "leaks")["verdict"] == "holds");
}

TEST_CASE("a failure of another kind keeps its cause in a lane, and is told of the plain run") {
  for (const std::string& lane : lanes) {
    const auto record = record_of("by_aborting", "SPAWN-001", lane);
    CAPTURE(lane, record.dump(2));
    CHECK(record["verdict"] == "fails");
    CHECK(record["cause"] == "abort");
  }
}

TEST_CASE("what fails under the tool alone is no failure of the subject's") {
  if (lanes.empty()) {
    return;
  }
  const auto record = record_of("by_aborting_under_valgrind", "SPAWN-001", "memcheck");
  CAPTURE(record.dump(2));
  CHECK(record["verdict"] == "not_judged");
  CHECK_THAT(record["reason"].get<std::string>(),
             ContainsSubstring("it holds, but not under --check memcheck: it died of SIGABRT"));
}

TEST_CASE("a replay in a lane comes to the same verdict") {
  for (const std::string& lane : lanes) {
    const ProgramRun run =
        run_program({HEDDLE_CONFORM, HEDDLE_TEST_SUBJECTS "/libby_losing_memory.so", "--replay",
                     "SPAWN-001", "--check", lane});
    CAPTURE(run.standard_output, run.standard_error);
    CHECK(run.status == 1);
    CHECK_THAT(run.standard_output,
               ContainsSubstring("leak: 8 bytes in 1 block lost") && ContainsSubstring("spawn"));
  }
}

TEST_CASE("a lane leaves no folder behind") {
  const auto folders = [] {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(HEDDLE_TEST_SUBJECTS "/lanes")) {
      count += entry.is_directory() ? 1 : 0;
    }
    return count;
  };
  std::filesystem::create_directories(HEDDLE_TEST_SUBJECTS "/lanes");
  for (const std::string& lane : lanes) {
    const ProgramRun run =
        run_program({HEDDLE_CONFORM, HEDDLE_TEST_SUBJECTS "/libin_nothing.so", "--clause",
                     "SPAWN-001", "--check", lane},
                    [] { ::setenv("TMPDIR", HEDDLE_TEST_SUBJECTS "/lanes", 1); });
    CAPTURE(run.standard_output, run.standard_error);
    CHECK(run.status == 0);
    CHECK(folders() == 0);
  }
}

TEST_CASE("without Valgrind the lane says what to install") {
  if (lanes.empty()) {
    return;
  }
  const ProgramRun run =
      run_program({HEDDLE_CONFORM, "--check", "memcheck"}, [] { ::setenv("PATH", "/nowhere", 1); });
  CHECK(run.status == 2);
  CHECK_THAT(run.standard_error, ContainsSubstring("there is no valgrind in PATH: install it"));
}

TEST_CASE("a block that mapped memory alone leads to is not lost") {
  for (const std::string& lane : lanes) {
    CAPTURE(lane);
    CHECK(record_of("fills_a_mapping", "SPAWN-001", lane)["verdict"] == "holds");
  }
}

TEST_CASE("the memory of a runtime that collects its garbage is not judged, and the run says so") {
  const std::string subject = HEDDLE_TEST_SUBJECTS "/libcollects_garbage.so";
  for (const std::string& lane : lanes) {
    for (const std::vector<std::string>& asked :
         {std::vector<std::string>{"--clause", "SPAWN-001"}, {"--replay", "SPAWN-001"}}) {
      std::vector<std::string> command = {HEDDLE_CONFORM, "--check", lane, subject};
      command.insert(command.end(), asked.begin(), asked.end());
      const ProgramRun run = run_program(command);
      CAPTURE(command, run.standard_output, run.standard_error);
      CHECK(run.status == 3);
      CHECK_THAT(run.standard_error, ContainsSubstring("cannot check the memory of " + subject) &&
                                         ContainsSubstring("HEDDLE_COLLECTS_GARBAGE"));
    }
  }
  const auto plain = record_of("collects_garbage", "SPAWN-001", "");
  CHECK(plain["verdict"] == "holds");
}
