#include "report/junit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "program/markup.hpp"

namespace heddle::conformance {
namespace {

using inject::escaped_for_markup;

enum class Outcome { passed, failed, skipped, broken };

Outcome outcome_of(const Record& record) {
  switch (record.verdict) {
    case Verdict::holds:
      return Outcome::passed;
    case Verdict::fails:
      return is_failure(record) ? Outcome::failed : Outcome::skipped;
    case Verdict::flaky:
      return Outcome::failed;
    case Verdict::deviates:
    case Verdict::not_applicable:
    case Verdict::not_judged:
    case Verdict::untested:
      return Outcome::skipped;
    case Verdict::internal_error:
      break;
  }
  return Outcome::broken;
}

// Returns all the evidence of a failure as plain text.
std::string details(const Record& record) {
  std::string text = fmt::format("{} {}\n", record.level, record.clause);
  const auto add = [&](std::string_view label, const std::string& value) {
    if (!value.empty()) {
      text += fmt::format("{}: {}\n", label, value);
    }
  };
  const auto add_lines = [&](std::string_view label, const std::vector<std::string>& lines) {
    if (!lines.empty()) {
      text += fmt::format("{}:\n  {}\n", label, fmt::join(lines, "\n  "));
    }
  };
  add("requirement", record.sentence);
  add("source", record.source);
  add("quotation", record.quotation);
  add("reason", record.reason);
  add("expected", record.expected);
  add("happened", record.happened);
  add_lines("scenario", record.scenario);
  add_lines("timeline", record.timeline);
  for (const MemoryReport& report : record.memory) {
    add("memory", fmt::format("{}: {}", report.kind, report.what));
    add_lines("stack", report.stack);
  }
  add("reproduced", record.reproduced);
  add("fault", record.fault);
  add("replay", record.replay);
  return text;
}

std::string summary(const Record& record) {
  if (record.verdict != Verdict::fails) {
    return fmt::format("{}: {}", name_of(record.verdict), record.reason);
  }
  return fmt::format("{}expected: {}; happened: {}",
                     is_failure(record) ? "" : "missed: ", record.expected, record.happened);
}

std::string test_case(const Record& record) {
  std::string text =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{}.{:03}\"",
                  escaped_for_markup(record.group), escaped_for_markup(record.clause),
                  record.milliseconds / 1000, record.milliseconds % 1000);
  const Outcome outcome = outcome_of(record);
  if (outcome == Outcome::passed) {
    return text + "/>\n";
  }
  text += ">\n";
  if (outcome == Outcome::skipped) {
    text += fmt::format("      <skipped message=\"{}\"/>\n", escaped_for_markup(summary(record)));
  } else {
    const std::string_view element = outcome == Outcome::failed ? "failure" : "error";
    const std::string_view type =
        record.cause == Cause::none ? name_of(record.verdict) : name_of(record.cause);
    text +=
        fmt::format("      <{0} message=\"{1}\" type=\"{2}\">{3}</{0}>\n", element,
                    escaped_for_markup(summary(record)), type, escaped_for_markup(details(record)));
  }
  if (!record.standard_error.empty()) {
    text += fmt::format("      <system-err>{}</system-err>\n",
                        escaped_for_markup(record.standard_error));
  }
  return text + "    </testcase>\n";
}

/// A testsuite element in the making.
struct Suite {
  std::string name;
  std::string properties;
  std::string cases;
  std::uint64_t tests = 0;
  std::uint64_t failures = 0;
  std::uint64_t errors = 0;
  std::uint64_t skipped = 0;
  std::uint64_t milliseconds = 0;

  void add(const Record& record) {
    const Outcome outcome = outcome_of(record);
    ++tests;
    failures += outcome == Outcome::failed ? 1 : 0;
    errors += outcome == Outcome::broken ? 1 : 0;
    skipped += outcome == Outcome::skipped ? 1 : 0;
    milliseconds += record.milliseconds;
    cases += test_case(record);
  }

  // Adds a testcase for the run itself, so that consumers that look only at testcases turn red.
  void add_error(std::string_view case_name, std::string_view type, std::string_view message) {
    ++tests;
    ++errors;
    cases += fmt::format(
        "    <testcase classname=\"run\" name=\"{}\" time=\"0.000\">\n"
        "      <error message=\"{}\" type=\"{}\"/>\n"
        "    </testcase>\n",
        case_name, escaped_for_markup(message), type);
  }

  void add_property(std::string_view property, std::string_view value) {
    properties += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", property,
                              escaped_for_markup(value));
  }

  std::string element() const {
    return fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
        "time=\"{}.{:03}\">\n{}{}  </testsuite>\n",
        escaped_for_markup(name), tests, failures, errors, skipped, milliseconds / 1000,
        milliseconds % 1000,
        properties.empty() ? "" : "    <properties>\n" + properties + "    </properties>\n", cases);
  }
};

class JunitReport final : public Report {
 public:
  explicit JunitReport(OutputFile file) : file_(std::move(file)) {}

  void begin(const Header& header) override {
    Suite& suite = suites_.emplace_back();
    suite.name = header.subject;
    suite.add_property("subject_path", header.subject_path);
    suite.add_property("profile", header.profile);
    if (!header.judged_as.empty()) {
      suite.add_property("judged_as", header.judged_as);
    }
    if (!header.check.empty()) {
      suite.add_property("check", header.check);
    }
    suite.add_property("catalogue",
                       fmt::format("{} ({})", header.catalogue_version, header.catalogue_hash));
    for (const Lack& lack : header.lacks) {
      suite.add_property("not_offered", fmt::format("{}: {} clauses", lack.name, lack.clauses));
    }
    suite.add_property("kernel", header.kernel);
    suite.add_property("libc", header.libc);
    suite.add_property("seed", std::to_string(header.seed));
    suite.add_property("clauses", fmt::format("{} of {}", header.selected, header.total));
    suite.add_property("partial", header.partial ? "true" : "false");
    for (const std::string& failure : header.smoke_failures) {
      suite.add_error("smoke", "smoke", failure);
    }
  }

  void record(const Record& record) override { suites_.back().add(record); }

  void refused(const std::string& subject_path, const std::string& message) override {
    Suite& suite = suites_.emplace_back();
    suite.name = subject_path;
    suite.add_error("load", "refused", message);
  }

  tl::expected<void, std::string> end(const EndOfRun& ending) override {
    if (ending.interrupted) {
      if (suites_.empty()) {
        suites_.emplace_back().name = "heddle-conform";
      }
      suites_.back().add_error("complete", "interrupted",
                               "PARTIAL: the run was interrupted, clauses are missing");
    }
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
    for (const Suite& suite : suites_) {
      text += suite.element();
    }
    file_.write(text + "</testsuites>\n");
    return file_.finish();
  }

 private:
  OutputFile file_;
  std::vector<Suite> suites_;
};

}  // namespace

std::unique_ptr<Report> junit_report(OutputFile file) {
  return std::make_unique<JunitReport>(std::move(file));
}

}  // namespace heddle::conformance
