// The log of a campaign on disk.
#include <fstream>

#include "campaign.hpp"
#include "campaign/campaign_log.hpp"
#include "campaign/log_file.hpp"
#include "campaign/output_capture.hpp"
#include "campaign/recorded_sites.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using namespace heddle::inject;

CampaignReport sample() {
  CampaignReport report;
  report.header.program = "/bin/program";
  report.header.arguments = {"program", "a\nb"};
  report.modules = {{"/bin/program", "0123"}};
  report.sites = {{1,
                   "mmap",
                   "00ff",
                   "0.2",
                   "worker",
                   "program",
                   false,
                   3,
                   1,
                   {"limit"},
                   0,
                   {{0, 16, "f", "f.c", 7}}}};
  FaultRun fault;
  fault.id = "1";
  fault.site = 1;
  fault.shape = Shape::in_a_row;
  fault.verdict = Verdict::silently_degraded;
  fault.message = "no UTF-8: \xff";
  fault.threads = {{"worker", true, {{0, 16, "f", "f.c", 7}}}};
  report.faults = {fault};
  report.summary.emplace().faults = 3;
  return report;
}

TEST_CASE("what is written is read again, except bytes that are no text") {
  const TestFolder folder;
  std::ofstream(folder.file("log")) << to_lines(sample());
  CampaignReport expected = sample();
  expected.faults.front().message = "no UTF-8: \xEF\xBF\xBD";
  CHECK(to_lines(read(folder.file("log"))) == to_lines(expected));
}

TEST_CASE("a last line that was cut short is left out, any other mistake is named") {
  const TestFolder folder;
  const std::string lines = to_lines(sample());
  std::ofstream(folder.file("cut")) << lines.substr(0, lines.size() - 5);
  CHECK_FALSE(read(folder.file("cut")).summary.has_value());
  std::ofstream(folder.file("wrong")) << "nonsense\n" << lines;
  const auto wrong = read_log(folder.file("wrong"));
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().find("line 1") != std::string::npos);
}

TEST_CASE("a log of a newer schema is refused") {
  const TestFolder folder;
  CampaignReport newer = sample();
  newer.header.schema = log_schema + 1;
  std::ofstream(folder.file("log")) << to_lines(newer);
  CHECK_FALSE(read_log(folder.file("log")).has_value());
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("a log that is there is not created again, and half a line can be dropped") {
  const TestFolder folder;
  const std::filesystem::path path = folder.file("log");
  REQUIRE(LogFile::create(path)->write("one\ntwo"));
  CHECK_FALSE(LogFile::create(path).has_value());
  auto log = LogFile::open(path);
  REQUIRE(log.has_value());
  CHECK(content_of(path) == "one\ntwo");
  CHECK(log->drop_partial_line() == true);
  CHECK(log->drop_partial_line() == false);
  REQUIRE(log->write("three\n"));
  CHECK(content_of(path) == "one\nthree\n");
}

TEST_CASE("a file that holds nothing yet is taken over, and no other") {
  const TestFolder folder;
  const std::string header = to_line(sample().header);
  for (const std::string& content :
       {std::string(), header.substr(0, 1), header.substr(0, 99), header}) {
    std::ofstream(folder.file("killed")) << content;
    CHECK(LogFile::create(folder.file("killed")).has_value());
    CHECK(content_of(folder.file("killed")).empty());
  }
  for (const std::string& content : {header + "\n", std::string("a letter"), std::string("{}")}) {
    std::ofstream(folder.file("foreign")) << content;
    CHECK_FALSE(LogFile::create(folder.file("foreign")).has_value());
    CHECK(content_of(folder.file("foreign")) == content);
  }
  CHECK_FALSE(LogFile::create("/dev/null").has_value());
}

TEST_CASE("a log has one writer at a time") {
  const TestFolder folder;
  const std::filesystem::path path = folder.file("log");
  {
    auto writer = LogFile::create(path);
    REQUIRE(writer.has_value());
    for (const auto& second : {LogFile::create(path), LogFile::open(path)}) {
      REQUIRE_FALSE(second.has_value());
      CHECK(second.error().message.find("another heddle-inject") != std::string::npos);
    }
  }
  CHECK(LogFile::open(path).has_value());
}

TEST_CASE("a capture keeps beginning and end, and counts all") {
  OutputCapture capture;
  OutputCapture same;
  const std::string part(100000, 'x');
  for (int count = 0; count < 20; ++count) {
    capture.add(part);
    same.add(part.substr(0, 5));
    same.add(part.substr(5));
  }
  CHECK(capture.size() == 2000000);
  CHECK(capture.head().size() == OutputCapture::head_size);
  CHECK(capture.tail().size() >= OutputCapture::tail_size);
  CHECK(capture.tail().size() <= 3 * OutputCapture::tail_size);
  CHECK(capture.same_as(same));
  same.add("y");
  CHECK_FALSE(capture.same_as(same));
  CHECK(same.tail().back() == 'y');
}

TEST_CASE("thread paths come in the order of their numbers") {
  CHECK(comes_before("0", "0.1"));
  CHECK(comes_before("0.2", "0.10"));
  CHECK(comes_before("0.10", "0.f1"));
  CHECK(comes_before("0.f1", "?"));
  CHECK_FALSE(comes_before("0.1", "0.1"));
}

TEST_CASE("no command that reads a log prints its escape sequences") {
  const TestFolder folder;
  CampaignReport report = sample();
  const std::string clear = "\x1b[2J";
  report.header.program = "/nonexistent/" + clear;
  report.sites.front().frames.front().function += clear;
  report.faults.front().evidence = clear;
  report.faults.front().id = "1" + clear;
  std::ofstream(folder.file("old")) << to_lines(report);
  report.sites.front().call += clear;
  std::ofstream(folder.file("new")) << to_lines(report);
  std::ofstream(folder.file("wrong")) << clear << "\n" << to_lines(report);
  const std::string old_log = folder.file("old");
  const std::string new_log = folder.file("new");
  for (const std::vector<std::string>& words : {std::vector<std::string>{"show", old_log},
                                                {"show", old_log, "--format", "json"},
                                                {"show", old_log, "--format", "junit"},
                                                {"show", folder.file("wrong")},
                                                {"diff", old_log, new_log},
                                                {"replay", old_log, "all"},
                                                {"replay", old_log, clear}}) {
    std::vector<std::string> command{HEDDLE_INJECT_PROGRAM};
    command.insert(command.end(), words.begin(), words.end());
    const FinishedProcess process = run(command);
    INFO(words.front() << ' ' << words.back());
    CHECK_FALSE((process.output + process.errors).empty());
    CHECK((process.output + process.errors).find('\x1b') == std::string::npos);
  }
}

}  // namespace
}  // namespace heddle::tests
