// The log of a campaign on disk.
#include <catch2/catch.hpp>
#include <fstream>

#include "campaign.h"
#include "campaign/campaign_log.h"
#include "campaign/log_file.h"
#include "campaign/output_capture.h"
#include "campaign/recorded_sites.h"

namespace heddle::tests {
namespace {

using namespace heddle::inject;

CampaignReport sample() {
  CampaignReport report;
  report.header.program = "/bin/program";
  report.header.arguments = {"program", "a\nb"};
  report.modules = {{"/bin/program", "0123"}};
  report.sites = {
      {1, "mmap", "00ff", "0.2", "worker", "program", false, 3, 0, {{0, 16, "f", "f.c", 7}}}};
  FaultRun fault;
  fault.id = "1";
  fault.site = 1;
  fault.shape = Shape::kInARow;
  fault.verdict = Verdict::kSilentlyDegraded;
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
  newer.header.schema = kLogSchema + 1;
  std::ofstream(folder.file("log")) << to_lines(newer);
  CHECK_FALSE(read_log(folder.file("log")).has_value());
}

TEST_CASE("a log that is there is not created again, and appending drops half a line") {
  const TestFolder folder;
  const std::filesystem::path path = folder.file("log");
  REQUIRE(LogFile::create(path)->write("one\ntwo"));
  CHECK_FALSE(LogFile::create(path).has_value());
  REQUIRE(LogFile::append_to(path)->write("three\n"));
  std::ifstream file(path);
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == "one\nthree\n");
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
  CHECK(capture.head().size() == OutputCapture::kHeadSize);
  CHECK(capture.tail().size() >= OutputCapture::kTailSize);
  CHECK(capture.tail().size() <= 3 * OutputCapture::kTailSize);
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

}  // namespace
}  // namespace heddle::tests
