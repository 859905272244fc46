// What several runs of one fault say together.
#include "campaign/repetition.hpp"

#include "campaign.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using namespace heddle::inject;

std::vector<Judgement> runs_of(const std::vector<Verdict>& verdicts) {
  std::vector<Judgement> runs;
  for (const Verdict verdict : verdicts) {
    runs.push_back({verdict, "run " + std::to_string(runs.size() + 1), {}});
  }
  return runs;
}

TEST_CASE("runs that agree have their verdict, in the words of the first") {
  const Judgement together = judge_together(
      runs_of({Verdict::crashed, Verdict::crashed, Verdict::crashed, Verdict::crashed}));
  CHECK(together.verdict == Verdict::crashed);
  CHECK(together.evidence == "run 1");
}

TEST_CASE("runs that disagree are unstable, whatever they disagree on") {
  const auto [verdicts, evidence] = GENERATE(table<std::vector<Verdict>, std::string>({
      {{Verdict::hung, Verdict::hung, Verdict::survived, Verdict::hung},
       "of 4 runs 3 hung, 1 survived"},
      {{Verdict::aborted, Verdict::survived, Verdict::reported, Verdict::survived},
       "of 4 runs 1 aborted, 2 survived, 1 reported"},
      {{Verdict::crashed, Verdict::aborted}, "of 2 runs 1 crashed, 1 aborted"},
      {{Verdict::crashed, Verdict::not_reached}, "of 2 runs 1 crashed, 1 not reached"},
      {{Verdict::leaked, Verdict::crashed}, "of 2 runs 1 leaked, 1 crashed"},
      {{Verdict::leaked, Verdict::not_reached}, "of 2 runs 1 leaked, 1 not reached"},
  }));
  const Judgement together = judge_together(runs_of(verdicts));
  CHECK(together.verdict == Verdict::unstable);
  CHECK(together.evidence == evidence);
}

TEST_CASE("what rests on a count alone gives way to good news") {
  const auto [verdicts, verdict] = GENERATE(table<std::vector<Verdict>, Verdict>({
      {{Verdict::leaked, Verdict::survived, Verdict::leaked}, Verdict::survived},
      {{Verdict::leaked, Verdict::not_reached, Verdict::reported}, Verdict::reported},
      {{Verdict::silently_degraded, Verdict::leaked, Verdict::survived}, Verdict::survived},
  }));
  CHECK(judge_together(runs_of(verdicts)).verdict == verdict);
}

TEST_CASE("a crash that does not come again is unstable, and no finding unless asked for") {
  const bool accepted = GENERATE(true, false);
  const TestFolder folder;
  const std::filesystem::path log = folder.file("log");
  std::vector<std::string> command{HEDDLE_INJECT_PROGRAM, "explore",  "--log", log, "--calls",
                                   "pthread_create",      "--errors", "likely"};
  if (!accepted) {
    command.insert(command.end(), {"--accept", "survived,reported"});
  }
  command.insert(command.end(), {"--", ENDS_BADLY, "crashes-at-first"});
  const FinishedProcess process = run(command, {{"TMPDIR", folder.file("")}});
  INFO(process.output << process.errors);
  CHECK(process.status == (accepted ? 0 : 1));
  CHECK(verdict_of(read(log), "pthread_create", "EAGAIN", "once") == "unstable");
  CHECK_THAT(process.output, Catch::Matchers::ContainsSubstring("of 4 runs 1 crashed, 3 reported"));
  CHECK_THAT(process.output, Catch::Matchers::ContainsSubstring("1 unstable"));
}

TEST_CASE("an unstable fault is replayed as what its first run was") {
  const TestFolder folder;
  const std::filesystem::path log = folder.file("log");
  run({HEDDLE_INJECT_PROGRAM, "explore", "--log", log, "--calls", "pthread_create", "--errors",
       "likely", "--", ENDS_BADLY, "crashes-at-first"},
      {{"TMPDIR", folder.file("")}});
  const FinishedProcess process = run({HEDDLE_INJECT_PROGRAM, "replay", log, "1", "--times", "3"},
                                      {{"TMPDIR", folder.file("")}});
  INFO(process.output << process.errors);
  CHECK(process.status == 0);
  CHECK_THAT(process.output, Catch::Matchers::ContainsSubstring("3 of 3"));
  CHECK_THAT(process.output, Catch::Matchers::ContainsSubstring("reported"));
}

}  // namespace
}  // namespace heddle::tests
