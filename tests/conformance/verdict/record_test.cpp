// The record's JSON form, and what counts as a failure.
#include "verdict/record.hpp"

#include <nlohmann/json.hpp>

#include "conformance/sample_run.hpp"
#include "support/catch.hpp"

namespace heddle::conformance::views {
namespace {

TEST_CASE("a record of every verdict and cause survives its JSON line") {
  // Compared as lines: a field that both directions forgot would be seen by the schema's test.
  for (const Record& record : samples()) {
    CAPTURE(record.clause);
    const Record back = record_from_json_line(to_json_line(record));
    CHECK(to_json_line(back) == to_json_line(record));
    CHECK(back.verdict == record.verdict);
    CHECK(back.cause == record.cause);
    CHECK(back.scenario == record.scenario);
    CHECK(back.milliseconds == record.milliseconds);
  }
}

TEST_CASE("the JSON form of a record is one line, whatever its texts are") {
  Record record = failing(Cause::crash);
  record.standard_error = "one\ntwo\r\nthree\n";
  CHECK(to_json_line(record).find('\n') == std::string::npos);
  CHECK(record_from_json_line(to_json_line(record)).standard_error == record.standard_error);
}

TEST_CASE("bytes that are not UTF-8 become the replacement character") {
  Record record = failing(Cause::crash);
  record.standard_error = "before \xFF\xC3( after";
  record.timeline = {"\x80"};
  const Record back = record_from_json_line(to_json_line(record));
  CHECK(back.standard_error == "before \xEF\xBF\xBD\xEF\xBF\xBD( after");
  CHECK(back.timeline == std::vector<std::string>{"\xEF\xBF\xBD"});
}

TEST_CASE("numbers of 64 bits keep every bit") {
  Record record = sample(Verdict::holds);
  record.seed = UINT64_MAX;
  CHECK(record_from_json_line(to_json_line(record)).seed == UINT64_MAX);
}

TEST_CASE("a line that is no record is refused with an exception") {
  CHECK_THROWS(record_from_json_line("not JSON"));
  CHECK_THROWS(record_from_json_line("{}"));
  auto line = nlohmann::json::parse(to_json_line(sample(Verdict::holds)));
  line["verdict"] = "passes";
  CHECK_THROWS_WITH(record_from_json_line(line.dump()),
                    Catch::Matchers::ContainsSubstring("passes"));
}

TEST_CASE("only a MUST or PROFILE clause that fails is a failure") {
  CHECK(is_failure(failing(Cause::wrong, "PARK-001", "must")));
  CHECK(is_failure(failing(Cause::wrong, "PARK-001", "profile")));
  CHECK_FALSE(is_failure(failing(Cause::wrong, "PARK-001", "should")));
  for (const Record& record : samples()) {
    CAPTURE(record.clause);
    CHECK((!is_failure(record) || record.verdict == Verdict::fails));
  }
}

}  // namespace
}  // namespace heddle::conformance::views
