// Files that cannot be written.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "conformance/sample_run.hpp"
#include "support/catch.hpp"
#include "support/text_lines.hpp"

namespace heddle::conformance::views {
namespace {

constexpr std::array<Format, 3> all_formats = {Format::terminal, Format::json, Format::junit};

TEST_CASE("a file that cannot be opened is refused at once, with its name and the cause") {
  for (const Format format : all_formats) {
    const auto report = open_report({format, "/nonexistent/report"}, false);
    REQUIRE_FALSE(report.has_value());
    CHECK_THAT(report.error(), Catch::Matchers::ContainsSubstring("/nonexistent/report"));
    CHECK_THAT(report.error(), Catch::Matchers::ContainsSubstring("No such file or directory"));
    CHECK(report.error().find('\n') == std::string::npos);
  }
}

TEST_CASE("a full disk comes out of end(), with the file's name and the cause") {
  for (const Format format : all_formats) {
    auto report = open_report({format, "/dev/full"}, false);
    REQUIRE(report.has_value());
    (*report)->begin(sample_header());
    (*report)->record(failing(Cause::wrong));
    const auto ended = (*report)->end({});
    REQUIRE_FALSE(ended.has_value());
    CHECK_THAT(ended.error(), Catch::Matchers::ContainsSubstring("/dev/full"));
    CHECK_THAT(ended.error(), Catch::Matchers::ContainsSubstring("No space left on device"));
    CHECK(ended.error().find('\n') == std::string::npos);
  }
}

TEST_CASE("an old report is replaced, not added to") {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("heddle-old-" + std::to_string(::getpid()));
  std::ofstream(file) << std::string(100'000, 'x');
  auto report = open_report({Format::json, file}, false);
  REQUIRE(report.has_value());
  CHECK((*report)->end({}).has_value());
  CHECK(std::filesystem::file_size(file) < 1000);
  std::filesystem::remove(file);
}

TEST_CASE("JSON records are in the file before the run ends") {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("heddle-live-" + std::to_string(::getpid()));
  auto report = open_report({Format::json, file}, false);
  REQUIRE(report.has_value());
  (*report)->begin(sample_header());
  (*report)->record(sample(Verdict::holds));
  std::ifstream stream(file);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  CHECK(tests::lines_of(text).size() == 2);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace heddle::conformance::views
