// JSON lines against their schema.
#include <fstream>
#include <nlohmann/json.hpp>

#include "conformance/sample_run.hpp"
#include "json_schema.hpp"
#include "support/catch.hpp"
#include "support/text_lines.hpp"

namespace heddle::conformance::views {
namespace {

using nlohmann::json;

const json& schema() {
  static const json document = json::parse(std::ifstream(HEDDLE_RECORD_SCHEMA));
  return document;
}

std::string violation(const json& line) {
  return schema_violation(line, schema(), schema());
}

std::vector<json> lines_in(const std::string& text) {
  std::vector<json> lines;
  for (const std::string& line : tests::lines_of(text)) {
    lines.push_back(json::parse(line));
  }
  return lines;
}

TEST_CASE("every line of a report is valid by the schema") {
  const std::string text =
      report_text(Format::json,
                  [](Report& report) {
                    Header header = sample_header();
                    header.lacks = {{"heddle_spawning.detach", 41}};
                    header.smoke_failures = {"SMOKE-001 fails"};
                    report.begin(header);
                    for (const Record& record : samples()) {
                      report.record(record);
                    }
                    report.refused("./libbroken.so", "it exports no heddle_subject");
                  },
                  {.exit_code = 1, .interrupted = false});
  const auto lines = lines_in(text);
  REQUIRE(lines.size() == samples().size() + 3);
  for (const json& line : lines) {
    CHECK(violation(line).empty());
  }
}

TEST_CASE("lines come in the order of the calls, each with its type") {
  const auto lines = lines_in(report_text(Format::json, {sample(Verdict::holds)}));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].at("type") == "header");
  CHECK(lines[1].at("type") == "record");
  CHECK(lines[2].at("type") == "end");
}

TEST_CASE("an interrupted run says so in its last line") {
  const auto lines =
      lines_in(report_text(Format::json, [](Report& report) { report.begin(sample_header()); },
                           {.exit_code = 130, .interrupted = true}));
  CHECK(lines.back().at("interrupted") == true);
  CHECK(lines.back().at("exit_code") == 130);
}

TEST_CASE("a path that is not UTF-8 does not break the report") {
  const auto lines = lines_in(report_text(
      Format::json, [](Report& report) { report.refused("./lib\xFF.so", "no such file"); }));
  CHECK(lines.front().at("subject_path") == "./lib\xEF\xBF\xBD.so");
}

// The validator could be blind: these lines must not pass it.
TEST_CASE("the schema refuses lines that are wrong in one thing") {
  const json good = json::parse(to_json_line(failing(Cause::crash)));
  REQUIRE(violation(good).empty());
  const std::vector<std::pair<std::string, json>> changes = {
      {"type", "footer"}, {"verdict", "passes"}, {"cause", "bad luck"}, {"level", "may"},
      {"seed", -1},       {"cases", "many"},     {"timeline", {1, 2}},  {"surprise", true},
  };
  for (const auto& [property, value] : changes) {
    json line = good;
    line[property] = value;
    CAPTURE(property);
    CHECK_FALSE(violation(line).empty());
  }
}

TEST_CASE("the schema wants every property") {
  const json good = json::parse(to_json_line(failing(Cause::crash)));
  for (const auto& [property, value] : good.items()) {
    json line = good;
    line.erase(property);
    CAPTURE(property);
    CHECK_FALSE(violation(line).empty());
  }
}

}  // namespace
}  // namespace heddle::conformance::views
