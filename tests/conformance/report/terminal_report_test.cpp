// The report that a person reads.

#include "conformance/sample_run.hpp"
#include "report/wrapped_text.hpp"
#include "support/catch.hpp"
#include "support/text_lines.hpp"

namespace heddle::conformance::views {
namespace {

using Catch::Matchers::ContainsSubstring;

std::string terminal(const std::vector<Record>& records) {
  return report_text(Format::terminal, records);
}

// A subject's title, records and verdict, where the header is not the sample's.
std::string terminal(const Header& header, const std::vector<Record>& records,
                     const EndOfRun& ending = {}) {
  return report_text(
      Format::terminal,
      [&](Report& report) {
        report.begin(header);
        for (const Record& record : records) {
          report.record(record);
        }
      },
      ending);
}

std::string last_line(const std::string& text) {
  return tests::lines_of(text).back();
}

TEST_CASE("clauses that hold or do not apply have no line of their own") {
  const std::string text =
      terminal({sample(Verdict::holds, "PARK-001"), sample(Verdict::not_applicable, "PARK-003")});
  CHECK_THAT(text, !ContainsSubstring("PARK-001"));
  CHECK_THAT(text, !ContainsSubstring("PARK-003"));
}

TEST_CASE("a failure shows requirement, source, expectation, cause and all evidence") {
  const std::string text = terminal({failing(Cause::hang)});
  for (const char* part :
       {"PARK-094  MUST fails", "requirement: The sentence of PARK-094.",
        "source:      Rust documentation, std::thread::park",
        "quotation:   \"Blocks unless or until the current thread's token is made available.\"",
        "expected:    what was expected", "happened:    hang: what happened",
        "scenario:    1. unpark", "             2. park", "timeline:    thread 1 parks",
        "stderr:      the subject's last words", "reproduced:  10/10",
        "fault:       futex.wait:spurious:when=1..3:count=process",
        "replay:      heddle-conform ./libsample.so --replay token"}) {
    CHECK_THAT(text, ContainsSubstring(part));
  }
}

TEST_CASE("what a tool saw of the memory stands below the timeline, frame by frame") {
  CHECK_THAT(terminal({failing(Cause::leak)}),
             ContainsSubstring("memory:      24 bytes in 1 block are lost\n"
                               "                 malloc (vgpreload.so)\n"
                               "                 spawn (mine.cpp:12)\n"));
}

TEST_CASE("the title names the lane") {
  Header header = sample_header();
  header.check = "memcheck";
  CHECK_THAT(terminal(header, {sample(Verdict::holds)}), ContainsSubstring(", --check memcheck, "));
}

TEST_CASE("a failure of a clause without a quotation shows no empty one") {
  Record record = failing(Cause::wrong);
  record.quotation.clear();
  CHECK_THAT(terminal({record}), !ContainsSubstring("quotation"));
}

TEST_CASE("every cause but a plain wrong answer is named where the failure is told") {
  for (const char* cause : {"crash", "abort", "hang", "exit", "memory error", "leak"}) {
    CHECK_THAT(terminal(samples()), ContainsSubstring(std::string(cause) + ": what happened"));
  }
  CHECK_THAT(terminal({failing(Cause::wrong)}), ContainsSubstring("happened:    what happened"));
}

TEST_CASE("verdicts between holds and fails have a line with their reason") {
  const std::string text = terminal(samples());
  CHECK_THAT(text, ContainsSubstring("PARK-002  deviates, as declared: the reason of PARK-002"));
  CHECK_THAT(text, ContainsSubstring("PARK-004  not judged: the reason of PARK-004"));
  CHECK_THAT(text, ContainsSubstring("PARK-006  flaky: the reason of PARK-006"));
  CHECK_THAT(text, ContainsSubstring("--replay flaky"));
  CHECK_THAT(text,
             ContainsSubstring("PARK-007  internal error of the suite: the reason of PARK-007"));
  CHECK_THAT(text, ContainsSubstring("untested: PARK-005"));
}

TEST_CASE("a long timeline is cut at its beginning, and says by how much") {
  Record record = failing(Cause::wrong);
  record.timeline.clear();
  for (int event = 1; event <= 30; ++event) {
    record.timeline.push_back("event " + std::to_string(event));
  }
  const std::string text = terminal({record});
  CHECK_THAT(text, ContainsSubstring("(6 earlier lines left out)"));
  CHECK_THAT(text, !ContainsSubstring("event 6\n"));
  CHECK_THAT(text, ContainsSubstring("event 7\n"));
  CHECK_THAT(text, ContainsSubstring("event 30\n"));
}

TEST_CASE("a SHOULD that fails is missed, and never said to fail") {
  const std::string text = terminal(conforming({failing(Cause::wrong, "PARK-014", "should")}));
  CHECK_THAT(text, ContainsSubstring("PARK-014  SHOULD is missed"));
  CHECK(last_line(text) ==
        "sample 1.0 conforms in the 3 of 100 clauses that apply: 2 clauses hold, 1 recommendation "
        "is missed");
}

TEST_CASE("the table counts each verdict in a column of its own, by group") {
  std::vector<Record> records = samples();
  records.push_back(sample(Verdict::holds, "SCOPE-001"));
  records.back().group = "scope";
  const std::string text = terminal(records);
  CHECK_THAT(text,
             ContainsSubstring("group     holds  fails  missed  deviates  flaky  not judged  not "
                               "applicable  untested  errors\n"
                               "park          1      7       1         1      1           1       "
                               "        1         1       1\n"
                               "scope         1      -       -         -      -           -       "
                               "        -         -       -\n"
                               "all           2      7       1         1      1           1       "
                               "        1         1       1\n"));
}

TEST_CASE("the last line says that a subject does not conform, by levels") {
  const std::string text = terminal({sample(Verdict::holds), failing(Cause::crash, "PARK-009"),
                                     failing(Cause::abort, "PARK-010", "profile")});
  CHECK(last_line(text) ==
        "sample 1.0 does NOT conform: 2 clauses fail (1 MUST, 1 PROFILE); 1 clause holds");
}

TEST_CASE("neither flaky clauses nor errors of the suite let a subject conform") {
  CHECK(last_line(terminal({sample(Verdict::holds), sample(Verdict::flaky)})) ==
        "sample 1.0 gets no verdict: 1 clause fails at times only; 1 clause holds");
  CHECK(last_line(terminal({sample(Verdict::holds), sample(Verdict::internal_error)})) ==
        "sample 1.0 gets no verdict: the suite itself failed on 1 clause; 1 clause holds");
}

TEST_CASE("nothing judged is no verdict") {
  CHECK_THAT(last_line(terminal({sample(Verdict::not_applicable)})),
             ContainsSubstring("no verdict: no clause could be judged"));
}

TEST_CASE("a part of the catalogue is PARTIAL and is never said to conform") {
  Header header = sample_header();
  header.selected = 12;
  const std::string text = terminal(header, {sample(Verdict::holds)});
  CHECK(last_line(text) == "sample 1.0 (PARTIAL, 12 of 100 clauses): 1 clause holds");
}

TEST_CASE("a subject of which no spawn or no join is judged is not said to conform") {
  const auto ends_with = [](const std::vector<Record>& records) {
    return last_line(terminal(records));
  };
  CHECK_THAT(
      terminal({sample(Verdict::holds, "SPAWN-001"), sample(Verdict::not_judged, "JOIN-039")}),
      ContainsSubstring(
          "sample 1.0 is not said to conform: no MUST clause of the group join could be judged; "
          "1 clause holds,\n1 is not judged\n"));
  CHECK_THAT(ends_with({sample(Verdict::holds, "JOIN-039")}),
             ContainsSubstring("no MUST clause of the group spawn"));
  CHECK_THAT(ends_with({sample(Verdict::holds, "JOIN-039"),
                        sample(Verdict::holds, "SPAWN-002", "profile")}),
             ContainsSubstring("no MUST clause of the group spawn"));
}

TEST_CASE("what a table lacks is said with its cost") {
  Header header = sample_header();
  header.lacks = {{"heddle_spawning.detach", 41}, {"heddle_panics", 1}};
  CHECK_THAT(terminal(header, conforming()),
             ContainsSubstring(
                 "\nnot offered: heddle_spawning.detach costs 41 clauses, heddle_panics costs 1 "
                 "clause (a clause that\n             lacks two counts under each)\n"));
}

TEST_CASE("a smoke check that fails is said first, and no clause that holds makes up for it") {
  Header header = sample_header();
  header.smoke_failures = {"SMOKE-001 fails: it is so."};
  const std::string text = terminal(header, conforming());
  CHECK_THAT(text, ContainsSubstring("\nsmoke: SMOKE-001 fails: it is so.\n"));
  CHECK(last_line(text) ==
        "sample 1.0 gets no verdict: the adapter or the runtime fails 1 smoke check; 2 clauses "
        "hold");
  CHECK_THAT(last_line(terminal(header, conforming({failing(Cause::wrong)}))),
             ContainsSubstring("does NOT conform"));
}

TEST_CASE("an interrupted run is PARTIAL and is never said to conform") {
  const std::string text =
      terminal(sample_header(), {sample(Verdict::holds)}, {.exit_code = 130, .interrupted = true});
  CHECK_THAT(last_line(text), ContainsSubstring("PARTIAL, interrupted after 1 of 100 clauses"));
  CHECK_THAT(text, !ContainsSubstring("conforms"));
}

TEST_CASE("a refused subject is named with its message") {
  const std::string text = report_text(Format::terminal, [](Report& report) {
    report.refused("./libbroken.so", "it exports no heddle_subject");
  });
  CHECK(text == "./libbroken.so could not be judged: it exports no heddle_subject\n");
}

TEST_CASE("several subjects end in a matrix and a count of verdicts") {
  const std::string text = report_text(Format::terminal, [](Report& report) {
    Header header = sample_header();
    report.begin(header);
    for (const Record& record : conforming()) {
      report.record(record);
    }
    header.subject = "other 2.0";
    header.subject_path = "./libother.so";
    report.begin(header);
    report.record(failing(Cause::wrong));
    report.record(sample(Verdict::not_applicable));
    report.refused("./libbroken.so", "it exports no heddle_subject");
  });
  CHECK_THAT(text, ContainsSubstring("[1] libsample.so: sample 1.0\n[2] libother.so: other 2.0\n"));
  CHECK_THAT(text, ContainsSubstring("group            [1]         [2]\n"
                                     "spawn          1/0/0           -\n"
                                     "join           1/0/0           -\n"
                                     "park               -       0/1/1\n"));
  CHECK(last_line(text) == "3 subjects: 1 conforms, 1 does NOT conform, 1 could not be judged");
}

TEST_CASE("a partial subject among several does not count as one that conforms") {
  Header header = sample_header();
  header.selected = 12;
  const std::string text = report_text(Format::terminal, [&](Report& report) {
    for (int subject = 0; subject < 2; ++subject) {
      report.begin(header);
      report.record(sample(Verdict::holds));
    }
  });
  CHECK(last_line(text) == "2 subjects: 0 conform, 0 do NOT conform, 2 without a verdict");
}

TEST_CASE("no line but a replay command is wider than 100 columns") {
  std::string prose;
  for (int word = 0; word < 60; ++word) {
    prose += "word" + std::to_string(word) + " ";
  }
  std::vector<Record> records = samples();
  for (Record& record : records) {
    record.sentence = record.source = record.quotation = record.reason = record.expected =
        record.happened = prose;
    record.fault = prose;
    record.scenario = record.timeline = {prose, std::string(250, 'x')};
    record.standard_error = prose + "\n" + std::string(250, 'y');
    record.replay = "heddle-conform " + std::string(200, 'z');
  }
  for (int number = 100; number < 160; ++number) {
    records.push_back(sample(Verdict::untested, "PARK-" + std::to_string(number)));
  }
  Header header = sample_header();
  header.subject = prose;
  const std::string text = report_text(Format::terminal, [&](Report& report) {
    for (int subject = 0; subject < 12; ++subject) {
      report.begin(header);
      for (const Record& record : records) {
        report.record(record);
      }
    }
    report.refused("./libbroken.so", prose);
  });
  for (const std::string& line : tests::lines_of(text)) {
    if (line.find("replay:") == std::string::npos) {
      CHECK(bytes_of_columns(line, terminal_columns) == line.size());
    } else {
      CHECK_THAT(line, ContainsSubstring(std::string(200, 'z')));
    }
  }
}

TEST_CASE("a subject cannot steer the terminal") {
  Record record = failing(Cause::crash);
  record.standard_error = "\x1b[2J";
  record.happened = "\x1b]0;title\a";
  record.replay = "x\x1b[1m";
  Header header = sample_header();
  header.subject = "\x1b[31m";
  const std::string text = terminal(header, {record});
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK_THAT(text, ContainsSubstring("\\x1b[2J"));
}

TEST_CASE("a file is never in colour, also when the screen is") {
  const std::string text = report_text(
      Format::terminal,
      [](Report& report) {
        report.begin(sample_header());
        report.record(failing(Cause::crash));
      },
      {}, true);
  CHECK(text.find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace heddle::conformance::views
