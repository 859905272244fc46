#include "conformance/sample_run.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/catch.hpp"

namespace heddle::conformance::views {

Header sample_header() {
  Header header;
  header.catalogue_version = 1;
  header.catalogue_hash = "0123456789abcdef";
  header.subject = "sample 1.0";
  header.subject_path = "./libsample.so";
  header.profile = "heddle";
  header.offers = {"spawn", "park"};
  header.kernel = "Linux 6.1";
  header.libc = "glibc 2.36";
  header.seed = 42;
  header.selected = 100;
  header.total = 100;
  return header;
}

Record sample(Verdict verdict, const std::string& clause, const std::string& level) {
  Record record;
  record.subject = "sample 1.0";
  record.clause = clause;
  record.group = clause.substr(0, clause.find('-'));
  std::transform(record.group.begin(), record.group.end(), record.group.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  record.level = level;
  record.sentence = "The sentence of " + clause + ".";
  record.source = "Rust documentation, std::thread::park";
  record.quotation = "Blocks unless or until the current thread's token is made available.";
  record.verdict = verdict;
  record.seed = 42;
  record.cases = 1;
  record.milliseconds = 1234;
  if (verdict != Verdict::holds && verdict != Verdict::fails) {
    record.reason = "the reason of " + clause;
  }
  if (verdict == Verdict::flaky) {
    record.replay = "heddle-conform ./libsample.so --replay flaky";
  }
  return record;
}

Record failing(Cause cause, const std::string& clause, const std::string& level) {
  Record record = sample(Verdict::fails, clause, level);
  record.cause = cause;
  record.expected = "what was expected";
  record.happened = "what happened";
  record.fault = "futex.wait:spurious:when=1..3:count=process";
  record.scenario = {"unpark", "park"};
  record.timeline = {"thread 1 parks", "thread 2 unparks it"};
  if (cause == Cause::memory_error || cause == Cause::leak) {
    record.memory = {{.kind = "Leak_DefinitelyLost",
                      .what = "24 bytes in 1 block are lost",
                      .bytes = 24,
                      .blocks = 1,
                      .stack = {"malloc (vgpreload.so)", "spawn (mine.cpp:12)"}}};
  }
  record.standard_error = "the subject's last words\n";
  record.reproduced = "10/10";
  record.replay = "heddle-conform ./libsample.so --replay token";
  return record;
}

std::vector<Record> conforming(std::vector<Record> more) {
  more.push_back(sample(Verdict::holds, "SPAWN-001"));
  more.push_back(sample(Verdict::holds, "JOIN-039"));
  return more;
}

std::vector<Record> samples() {
  return {
      sample(Verdict::holds, "PARK-001"),
      sample(Verdict::deviates, "PARK-002", "profile"),
      sample(Verdict::not_applicable, "PARK-003"),
      sample(Verdict::not_judged, "PARK-004"),
      sample(Verdict::untested, "PARK-005"),
      sample(Verdict::flaky, "PARK-006"),
      sample(Verdict::internal_error, "PARK-007"),
      failing(Cause::wrong, "PARK-008"),
      failing(Cause::crash, "PARK-009"),
      failing(Cause::abort, "PARK-010", "profile"),
      failing(Cause::hang, "PARK-011"),
      failing(Cause::exit, "PARK-012"),
      failing(Cause::wrong, "PARK-013", "should"),
      failing(Cause::memory_error, "PARK-015"),
      failing(Cause::leak, "PARK-016"),
  };
}

std::string report_text(Format format, const std::function<void(Report&)>& calls,
                        const EndOfRun& ending, bool color) {
  std::string name = std::filesystem::temp_directory_path() / "heddle-report-XXXXXX";
  const int descriptor = ::mkstemp(name.data());
  REQUIRE(descriptor != -1);
  ::close(descriptor);
  auto report = open_report({format, name}, color);
  REQUIRE(report.has_value());
  calls(**report);
  const auto ended = (*report)->end(ending);
  std::ostringstream text;
  text << std::ifstream(name).rdbuf();
  std::filesystem::remove(name);
  REQUIRE(ended.has_value());
  return text.str();
}

std::string report_text(Format format, const std::vector<Record>& records) {
  return report_text(format, [&](Report& report) {
    report.begin(sample_header());
    for (const Record& record : records) {
      report.record(record);
    }
  });
}

}  // namespace heddle::conformance::views
