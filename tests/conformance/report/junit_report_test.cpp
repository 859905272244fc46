// JUnit XML, read back by a strict reader.

#include "conformance/sample_run.hpp"
#include "support/catch.hpp"
#include "support/xml_reader.hpp"

namespace heddle::conformance::views {
namespace {

using namespace std::string_literals;
using tests::Element;
using tests::read_xml;

// The only testcase of a report on one record.
Element case_of(const Record& record) {
  const Element suites = read_xml(report_text(Format::junit, {record}));
  const Element suite = suites.all("testsuite").at(0);
  REQUIRE(suite.all("testcase").size() == 1);
  return suite.all("testcase").at(0);
}

TEST_CASE("a subject is a suite, and a clause a case of its group's class") {
  const Element suites = read_xml(report_text(Format::junit, samples()));
  CHECK(suites.name == "testsuites");
  REQUIRE(suites.all("testsuite").size() == 1);
  const Element suite = suites.all("testsuite").at(0);
  CHECK(suite.attributes.at("name") == "sample 1.0");
  REQUIRE(suite.all("testcase").size() == samples().size());
  CHECK(suite.all("testcase").at(0).attributes.at("classname") == "park");
  CHECK(suite.all("testcase").at(0).attributes.at("name") == "PARK-001");
  CHECK(suite.all("testcase").at(0).attributes.at("time") == "1.234");
}

TEST_CASE("a suite's counts are those of its cases") {
  const Element suite = read_xml(report_text(Format::junit, samples())).all("testsuite").at(0);
  CHECK(suite.attributes.at("tests") == "15");
  CHECK(suite.attributes.at("failures") == "8");  // seven that fail, and the flaky one
  CHECK(suite.attributes.at("errors") == "1");
  CHECK(suite.attributes.at("skipped") == "5");
}

TEST_CASE("a clause that holds has neither failure nor error nor skipped") {
  CHECK(case_of(sample(Verdict::holds)).children.empty());
}

TEST_CASE("a failure carries its cause and all of its evidence") {
  const Element test_case = case_of(failing(Cause::hang));
  REQUIRE(test_case.all("failure").size() == 1);
  const Element failure = test_case.all("failure").at(0);
  CHECK(failure.attributes.at("type") == "hang");
  CHECK_THAT(failure.attributes.at("message"),
             Catch::Matchers::ContainsSubstring("what was expected"));
  for (const char* evidence :
       {"The sentence of PARK-094.", "Rust documentation, std::thread::park",
        "quotation: Blocks unless or until", "what happened", "unpark", "thread 2 unparks it",
        "10/10", "futex.wait:spurious", "heddle-conform ./libsample.so --replay token"}) {
    CHECK_THAT(failure.text, Catch::Matchers::ContainsSubstring(evidence));
  }
  CHECK(test_case.all("system-err").at(0).text == "the subject's last words\n");
}

TEST_CASE("a leak carries its stack") {
  const Element failure = case_of(failing(Cause::leak)).all("failure").at(0);
  CHECK(failure.attributes.at("type") == "leak");
  for (const char* evidence :
       {"memory: Leak_DefinitelyLost: 24 bytes in 1 block are lost", "spawn (mine.cpp:12)"}) {
    CHECK_THAT(failure.text, Catch::Matchers::ContainsSubstring(evidence));
  }
}

TEST_CASE("a flaky clause is a failure: it must not turn green by a retry") {
  CHECK(case_of(sample(Verdict::flaky)).all("failure").size() == 1);
}

TEST_CASE("a SHOULD that fails is skipped as missed, never a failure") {
  const Element test_case = case_of(failing(Cause::wrong, "PARK-014", "should"));
  CHECK(test_case.all("failure").empty());
  CHECK_THAT(test_case.all("skipped").at(0).attributes.at("message"),
             Catch::Matchers::StartsWith("missed:"));
}

TEST_CASE("what was not judged is skipped with its reason, not passed") {
  for (const Verdict verdict :
       {Verdict::deviates, Verdict::not_applicable, Verdict::not_judged, Verdict::untested}) {
    const Element test_case = case_of(sample(verdict));
    REQUIRE(test_case.all("skipped").size() == 1);
    CHECK_THAT(test_case.all("skipped").at(0).attributes.at("message"),
               Catch::Matchers::ContainsSubstring("the reason of PARK-094"));
  }
}

TEST_CASE("an internal error is an error, not a failure of the subject") {
  const Element test_case = case_of(sample(Verdict::internal_error));
  CHECK(test_case.all("error").size() == 1);
  CHECK(test_case.all("failure").empty());
}

TEST_CASE("whatever a subject prints, the document stays well-formed and keeps the text") {
  Record record = failing(Cause::crash);
  record.happened = "<b> & \"quotes\" 'single' ]]> \n\ttab";
  record.standard_error = "nul \0 esc \x1b bad \xFF nonchar \xEF\xBF\xBE"s;
  const Element test_case = case_of(record);
  CHECK_THAT(test_case.all("failure").at(0).attributes.at("message"),
             Catch::Matchers::ContainsSubstring(record.happened));
  CHECK(test_case.all("system-err").at(0).text ==
        "nul \xEF\xBF\xBD esc \xEF\xBF\xBD bad \xEF\xBF\xBD nonchar \xEF\xBF\xBD");
}

TEST_CASE("a refused subject is a suite with an error") {
  const Element suite =
      read_xml(report_text(Format::junit,
                           [](Report& report) {
                             report.refused("./lib<x>.so", "it exports no heddle_subject");
                           }))
          .all("testsuite")
          .at(0);
  CHECK(suite.attributes.at("name") == "./lib<x>.so");
  CHECK(suite.attributes.at("errors") == "1");
  CHECK(suite.all("testcase").at(0).all("error").at(0).attributes.at("message") ==
        "it exports no heddle_subject");
}

TEST_CASE("an interrupted run leaves a whole document that is not green") {
  const Element suites = read_xml(report_text(Format::junit,
                                              [](Report& report) {
                                                report.begin(sample_header());
                                                report.record(sample(Verdict::holds));
                                              },
                                              {.exit_code = 130, .interrupted = true}));
  CHECK(suites.all("testsuite").at(0).attributes.at("errors") == "1");
}

}  // namespace
}  // namespace heddle::conformance::views
