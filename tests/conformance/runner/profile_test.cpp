// What a subject is asked for the sake of its profile, and what the report says of that.
#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/program_run.hpp"

using Catch::Matchers::ContainsSubstring;
using heddle::tests::ProgramRun;
using heddle::tests::run_program;

namespace {

// Judges the reference as if it declared this profile. The two clauses contradict each other: until
// 1.91, Rust's spawn leaked the closure when libc had no memory for the attributes. From 1.93 on,
// spawn drops the closure.
ProgramRun judge(const std::string& profile, const std::string& format) {
  return run_program({HEDDLE_CONFORM, HEDDLE_TEST_SUBJECTS "/librestricted.so", "--quick",
                      "--format", format, "--clause", "SPAWN-330", "--clause", "SPAWN-331"},
                     [&] {
                       setenv("HEDDLE_TEST_BEHIND", HEDDLE_REFERENCE, 1);
                       setenv("HEDDLE_TEST_FEATURES", "spawn,join", 1);
                       setenv("HEDDLE_TEST_PROFILE", profile.c_str(), 1);
                     });
}

struct Report {
  nlohmann::json header;
  std::vector<nlohmann::json> records;
};

Report report_on(const std::string& profile) {
  const ProgramRun run = judge(profile, "json");
  Report report;
  std::istringstream lines(run.standard_output);
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line);
    if (json["type"] == "header") {
      report.header = json;
    } else if (json["type"] == "record") {
      report.records.push_back(json);
    }
  }
  CAPTURE(run.standard_output, run.standard_error);
  REQUIRE(report.records.size() == 2);
  return report;
}

// Returns the ids of the clauses that are asked of a subject with this profile.
std::vector<std::string> asked_of(const std::string& profile) {
  std::vector<std::string> ids;
  for (const auto& record : report_on(profile).records) {
    if (record["verdict"] != "not_applicable") {
      ids.push_back(record["clause"]);
    }
  }
  return ids;
}

const std::vector<std::string> leaks = {"SPAWN-330"};
const std::vector<std::string> drops = {"SPAWN-331"};

}  // namespace

TEST_CASE("a subject is judged by what its release of Rust did") {
  CHECK(asked_of("rust-1.63") == leaks);
  CHECK(asked_of("rust-1.85") == leaks);
  CHECK(asked_of("rust-1.91") == leaks);
  CHECK(asked_of("rust-1.93") == drops);
  CHECK(asked_of("rust-1.95") == drops);
}

TEST_CASE("a clause that another release keeps is not asked, and the reason names the profile") {
  const Report report = report_on("rust-1.85");
  CHECK(report.header["profile"] == "rust-1.85");
  CHECK(report.header["judged_as"] == "");
  CHECK(report.records[1]["clause"] == "SPAWN-331");
  CHECK(report.records[1]["reason"] == "the profile rust-1.85 does not claim it");
}

TEST_CASE("a release that is newer than all known ones is judged as the last, and told so") {
  CHECK(asked_of("rust-1.97.0-nightly") == drops);
  const auto header = report_on("rust-1.97.0-nightly").header;
  CHECK(header["profile"] == "rust-1.97.0-nightly");
  CHECK(header["judged_as"] == "rust-1.95");
  CHECK_THAT(
      judge("rust-1.97.0-nightly", "terminal").standard_output,
      ContainsSubstring("profile rust-1.97.0-nightly (judged as rust-1.95, the last one known)"));
  CHECK_THAT(judge("rust-1.97.0-nightly", "junit").standard_output,
             ContainsSubstring("name=\"judged_as\" value=\"rust-1.95\""));
  CHECK_THAT(judge("rust-1.95", "terminal").standard_output, !ContainsSubstring("judged as"));
  CHECK_THAT(judge("rust-1.95", "junit").standard_output, !ContainsSubstring("judged_as"));
}

TEST_CASE("a profile that is too old or malformed is refused in one line that says what is right") {
  for (const char* profile : {"rust-1.62", "rust-1.x", "rust-2.0", "rust-1.85-", "Heddle"}) {
    const ProgramRun run = judge(profile, "terminal");
    CAPTURE(run.standard_output, run.standard_error);
    CHECK(run.status == 3);
    CHECK_THAT(
        run.standard_error,
        ContainsSubstring("no clause knows its profile '" + std::string(profile) +
                          "': it must be \"heddle\", \"rust-1.N\" for a Rust from 1.63 on, or \"\" "
                          "for none"));
    CHECK(std::count(run.standard_error.begin(), run.standard_error.end(), '\n') == 1);
  }
}
