// What a clause says that it needs is all that it uses.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "support/catch.hpp"
#include "support/program_run.hpp"

namespace {

using namespace heddle::conformance;
using heddle::tests::ProgramRun;
using heddle::tests::run_program;

const std::string profile = "heddle";  // the reference's
const std::string few_slots = "the subject has fewer slots than the check needs";

bool is_asked(const Clause& clause) {
  const auto among = [](const auto& values, const auto& value) {
    return std::ranges::find(values, value) != values.end();
  };
  return clause.untested.empty() && !among(clause.needs, Feature::thread_sanitizer) &&
         claims(clause, profile);
}

std::string names_of(const std::vector<Feature>& features) {
  std::vector<std::string_view> names;
  for (const Feature feature : features) {
    names.push_back(name_of(feature));
  }
  return fmt::format("{}", fmt::join(names, ","));
}

/// Judges the clauses with a table that has what `features` ask for, and nothing else.
ProgramRun judge(const std::vector<std::string>& clauses, const std::vector<Feature>& features) {
  std::vector<std::string> command{HEDDLE_CONFORM, HEDDLE_TEST_SUBJECTS "/librestricted.so",
                                   "--quick", "--format", "json"};
  for (const std::string& clause : clauses) {
    command.insert(command.end(), {"--clause", clause});
  }
  const std::string names = names_of(features);
  return run_program(command, [&] {
    setenv("HEDDLE_TEST_BEHIND", HEDDLE_REFERENCE, 1);
    setenv("HEDDLE_TEST_FEATURES", names.c_str(), 1);
  });
}

}  // namespace

TEST_CASE("no clause uses a part of the table that it does not ask for") {
  std::map<std::vector<Feature>, std::vector<std::string>> by_needs;
  for (const Clause& clause : catalogue()) {
    if (is_asked(clause)) {
      std::vector<Feature> needs = clause.needs;
      std::ranges::sort(needs);
      by_needs[needs].push_back(clause.id);
    }
  }
  REQUIRE(by_needs.size() > 50);
  for (const auto& [needs, clauses] : by_needs) {
    const ProgramRun run = judge(clauses, needs);
    std::size_t holding = 0;
    std::istringstream lines(run.standard_output);
    for (std::string line; std::getline(lines, line);) {
      const auto record = nlohmann::json::parse(line);
      if (record["type"] == "record") {
        INFO(names_of(needs) << ": " << line);
        const bool wants_more_slots = record["verdict"] == "not_judged" &&
                                      record["reason"].get<std::string>().starts_with(few_slots);
        CHECK((wants_more_slots || record["verdict"] == "holds"));
        ++holding;
      }
    }
    INFO(run.standard_error);
    CHECK(holding == clauses.size());
  }
}
