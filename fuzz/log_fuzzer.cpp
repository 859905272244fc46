// Reads any bytes as the log of a campaign. A file must be read and shown, or refused at a line,
// and what was read must stay the same when it is written and read again. Each line is also read as
// a record of the suite.
#include <campaign/campaign_log.hpp>
#include <report/html_view.hpp>
#include <report/junit_view.hpp>
#include <report/terminal_view.hpp>
#include <sstream>
#include <verdict/record.hpp>

#include "input.hpp"
#include "require.hpp"

namespace heddle::fuzz {
namespace {

tl::expected<inject::CampaignReport, std::string> read(std::string_view text) {
  std::istringstream lines{std::string(text)};
  return inject::read_log(lines, "log");
}

void read_log(std::string_view text) {
  const auto report = read(text);
  if (!report) {
    const std::string& refusal = report.error();
    require(refusal.starts_with("log, line ") || refusal.starts_with("log is no log"),
            "a refusal names the line");
    require(refusal.find('\n') == refusal.npos, "a refusal is one line");
    return;
  }
  const std::string written = inject::to_lines(*report);
  const auto again = read(written);
  require(again.has_value(), "a log that was written is read");
  require(inject::to_lines(*again) == written, "a log that is read is the one that was written");
  require(!inject::terminal_view(*report, "log", false).empty(), "a log is shown on a terminal");
  require(!inject::junit_view(*report, "log").empty(), "a log is shown as JUnit's XML");
  require(!inject::html_view(*report, "log").empty(), "a log is shown as a page");
}

// The suite's parent reads what its workers write. A line that is no record throws.
void read_record(std::string_view line) {
  conformance::Record record;
  try {
    record = conformance::record_from_json_line(line);
  } catch (const std::exception& error) {
    require(*error.what() != '\0', "a refusal says why");
    return;
  }
  const std::string written = conformance::to_json_line(record);
  require(conformance::to_json_line(conformance::record_from_json_line(written)) == written,
          "a record that is read is the one that was written");
}

}  // namespace
}  // namespace heddle::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = heddle::fuzz::as_text(data, size);
  heddle::fuzz::read_log(text);
  for (heddle::fuzz::Input rest(text); !rest.is_empty();) {
    heddle::fuzz::read_record(rest.text_up_to('\n'));
  }
  return 0;
}
