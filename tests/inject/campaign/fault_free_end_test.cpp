// How a program ends when nothing fails is said, and bounds what is concluded from its faults.
#include <algorithm>
#include <set>

#include "campaign.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using Catch::Matchers::ContainsSubstring;
using inject::Verdict;

/// A command of heddle-inject on a program of ends_badly.cpp, with a folder for temporary files and
/// a log of its own.
struct Result {
  FinishedProcess process;
  inject::CampaignReport report;  // empty where the command writes none

  std::set<Verdict> verdicts() const {
    std::set<Verdict> all;
    for (const inject::FaultRun& fault : report.faults) {
      all.insert(fault.verdict);
    }
    return all;
  }
};

Result on_program(const std::string& command, const std::string& program,
                  const std::vector<std::string>& options = {}) {
  const TestFolder folder;
  const std::filesystem::path log = folder.file("log");
  std::vector<std::string> words{HEDDLE_INJECT_PROGRAM, command, "--calls", "pthread_create"};
  if (command != "sites") {
    words.insert(words.end(), {"--errors", "likely", "--log", log});
  }
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), {"--", ENDS_BADLY, program});
  FinishedProcess process = run(words, {{"TMPDIR", folder.file("")}});
  return {std::move(process), std::filesystem::exists(log) ? read(log) : inject::CampaignReport{}};
}

std::size_t lines_with(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

bool raw_layer_is_refused() {
  return run({HEDDLE_INJECT_PROGRAM, "run", "--raw", "-e", "thrd_create:error=EAGAIN", "--",
              "true"})
             .status == 2;
}

TEST_CASE("a program that aborts without any fault is called that, in one line") {
  const auto command = GENERATE("sites", "record", "explore");
  const Result result = on_program(command, "always-aborts");
  const std::string said = result.process.output + result.process.errors;
  INFO(said);
  CHECK(lines_with(said, "without any fault: it ends with signal 6 (SIGABRT)") == 1);
}

TEST_CASE("faults of a program that aborts anyway are not judged by how it goes on") {
  const Result result = on_program("explore", "always-aborts");
  INFO(result.process.output << result.process.errors);
  CHECK(result.verdicts() == std::set{Verdict::not_judged});
  CHECK(result.process.status == 4);
  CHECK_THAT(result.report.recording.remark, ContainsSubstring("SIGABRT"));
}

TEST_CASE("an exit status other than 0 is expected where it is declared, and only there") {
  const auto [program, options, verdict, remark] =
      GENERATE(table<std::string, std::vector<std::string>, Verdict, std::string>({
          {"always-fails", {}, Verdict::not_judged, "exit status 1 (if that is as it should be"},
          {"always-fails", {"--baseline-status", "1"}, Verdict::silently_degraded, ""},
          {"always-fails", {"--baseline-status", "3"}, Verdict::not_judged, "not with the 3 of"},
          {"complains-and-fails", {}, Verdict::reported, "exit status 1"},
          {"complains-and-fails", {"--baseline-status", "1"}, Verdict::reported, ""},
      }));
  const Result result = on_program("explore", program, options);
  INFO(result.process.output << result.process.errors);
  REQUIRE_FALSE(result.report.faults.empty());
  CHECK(result.report.faults.front().verdict == verdict);
  CHECK(result.report.recording.remark.empty() == remark.empty());
  CHECK_THAT(result.report.recording.remark, ContainsSubstring(remark));
}

TEST_CASE("nothing is concluded from a status that differs from run to run") {
  const Result result = on_program("explore", "counts-its-runs");
  INFO(result.process.output << result.process.errors);
  CHECK(result.verdicts() == std::set{Verdict::not_judged});
  CHECK_THAT(result.process.output, ContainsSubstring("its status differs from run to run"));
}

TEST_CASE(
    "a sanitizer's report without any fault is said, and one of its kind is none of a fault's") {
  const Result result = on_program("explore", "has-report");
  INFO(result.process.output << result.process.errors);
  CHECK_THAT(result.process.output,
             ContainsSubstring("without any fault: it has a report: SUMMARY: Addr"));
  CHECK(result.verdicts() == std::set{Verdict::reported});
}

TEST_CASE("a program may speak as the shim does") {
  const Result result = on_program("explore", "speaks-as-the-shim");
  INFO(result.process.output << result.process.errors);
  CHECK(result.process.status == 0);
  CHECK(result.verdicts() == std::set{Verdict::reported});
}

TEST_CASE("a program may handle SIGSYS below the raw layer") {
  if (raw_layer_is_refused()) {
    WARN("skipped: the raw layer is not possible here");
    return;
  }
  const Result result = on_program("explore", "handles-sigsys", {"--raw"});
  INFO(result.process.output << result.process.errors);
  CHECK(result.process.status == 0);
}

TEST_CASE("a program that the shim makes end otherwise is refused") {
  const Result result = on_program("explore", "dislikes-preloading");
  INFO(result.process.output << result.process.errors);
  CHECK(result.process.status == 2);
  CHECK_THAT(result.process.errors, ContainsSubstring("exit status 3 under the shim") &&
                                        ContainsSubstring("exit status 0 without it"));
}

TEST_CASE("a program that filters its system calls is explored, but for leaks") {
  const Result result =
      on_program("explore", GENERATE("filters-itself", "traps-itself", "locks-itself-in"));
  INFO(result.process.output << result.process.errors);
  CHECK(result.process.status == 0);
  CHECK(result.verdicts() == std::set{Verdict::reported});
  CHECK_THAT(result.process.output, ContainsSubstring("leaks not looked for"));
}

TEST_CASE("a call of the shim's that the program's filter does not allow is named") {
  if (raw_layer_is_refused()) {
    WARN("skipped: the raw layer is not possible here");
    return;
  }
  const auto [program, call] = GENERATE(table<std::string, std::string>(
      {{"filters-itself", "rt_sigreturn"}, {"traps-itself", "prctl"}}));
  const Result result = on_program("explore", program, {"--raw"});
  INFO(result.process.output << result.process.errors);
  CHECK(result.process.status == 2);
  CHECK_THAT(result.process.errors, ContainsSubstring("does not allow " + call + ","));
}

}  // namespace
}  // namespace heddle::tests
