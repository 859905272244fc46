// No clause of level MUST goes without a mutant, which shows that it can fail, unless
// without_mutant.txt says why there is none.
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "support/catch.hpp"
#include "support/program_run.hpp"

namespace {

namespace fs = std::filesystem;

std::set<std::string> checked_musts() {
  const auto run = heddle::tests::run_program({HEDDLE_CONFORM, "--list", "--format", "json"});
  std::set<std::string> clauses;
  std::istringstream lines(run.standard_output);
  for (std::string line; std::getline(lines, line);) {
    const auto clause = nlohmann::json::parse(line);
    if (clause["level"] == "must" && clause["untested"] == "") {
      clauses.insert(clause["clause"]);
    }
  }
  return clauses;
}

// The clauses that the patches name in their first lines.
std::set<std::string> clauses_with_mutant() {
  constexpr std::string_view name = "Clause: ";
  std::set<std::string> clauses;
  for (const fs::directory_entry& entry : fs::directory_iterator(HEDDLE_MUTANT_PATCHES)) {
    std::string line;
    std::ifstream patch(entry.path());
    if (entry.path().extension() == ".patch" && std::getline(patch, line) &&
        line.starts_with(name)) {
      clauses.insert(line.substr(name.size()));
    }
  }
  return clauses;
}

// The reasons of those that need no mutant, by clause.
std::map<std::string, std::string> excused_clauses() {
  std::map<std::string, std::string> reasons;
  std::ifstream list(HEDDLE_MUTANT_PATCHES "/without_mutant.txt");
  for (std::string line; std::getline(list, line);) {
    if (!line.starts_with('#')) {
      const std::size_t colon = line.find(": ");
      INFO("the line \"" << line << "\" is a clause, a colon and a reason");
      REQUIRE(colon != std::string::npos);
      INFO("the clause is listed once");
      REQUIRE(reasons.emplace(line.substr(0, colon), line.substr(colon + 2)).second);
    }
  }
  return reasons;
}

}  // namespace

TEST_CASE("every MUST has a mutant or a reason for having none") {
  const auto musts = checked_musts();
  const auto with_mutant = clauses_with_mutant();
  const auto excused = excused_clauses();
  REQUIRE_FALSE(musts.empty());
  for (const std::string& clause : musts) {
    INFO(clause << " is a MUST: it needs a mutant, or a line in without_mutant.txt");
    CHECK(with_mutant.contains(clause) != excused.contains(clause));
  }
  for (const auto& [clause, reason] : excused) {
    INFO(clause << ", which without_mutant.txt excuses, is a MUST that has a check");
    CHECK(musts.contains(clause));
    CHECK_FALSE(reason.empty());
  }
}
