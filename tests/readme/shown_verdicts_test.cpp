// The verdicts that the pages quote are those that the suite comes to.
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "page.hpp"
#include "support/catch.hpp"
#include "support/program_run.hpp"
#include "support/text_lines.hpp"

namespace heddle::tests {
namespace {

namespace fs = std::filesystem;

/// The table that several subjects end in.
struct Matrix {
  std::vector<std::string> files;                        // in the order of the columns
  std::map<std::string, std::string> titles;             // by file
  std::map<std::string, std::vector<std::string>> rows;  // by group: a cell for each column
};

/// Finds the table, indented or not, in the lines of a page or of a report.
Matrix matrix_in(const std::vector<std::string>& lines) {
  const std::regex legend(R"(^ *\[\d+\] (\S+): (.*)$)");
  const std::regex row(R"(^ *([a-z]+)((?: +(?:\d+/\d+/\d+|-))+)$)");
  Matrix matrix;
  for (const std::string& line : lines) {
    std::smatch match;
    if (std::regex_match(line, match, legend)) {
      matrix.files.push_back(match[1]);
      matrix.titles[match[1]] = match[2];
    } else if (std::regex_match(line, match, row)) {
      std::istringstream cells(match[2]);
      for (std::string cell; cells >> cell;) {
        matrix.rows[match[1]].push_back(cell);
      }
    }
  }
  return matrix;
}

/// The verdicts on one subject, such as "park 39/0/3", by group.
std::vector<std::string> column(const Matrix& matrix, const std::string& file) {
  std::vector<std::string> cells;
  for (std::size_t index = 0; index < matrix.files.size(); ++index) {
    if (matrix.files[index] == file) {
      for (const auto& [group, row] : matrix.rows) {
        cells.push_back(group + ' ' + row.at(index));
      }
    }
  }
  return cells;
}

/// Where the build puts a subject of this file name; empty if it was not built.
std::string path_of(const std::string& file) {
  for (const fs::path folder : {HEDDLE_PLUGINS, HEDDLE_PROGRAMS}) {
    if (fs::exists(folder / file)) {
      return folder / file;
    }
  }
  return "";
}

/// The text of a page or a report, whose lines may be broken anywhere.
std::string as_one_line(const std::string& text) {
  return std::regex_replace(text, std::regex("\\s+"), " ");
}

TEST_CASE("the first page's table has the suite's verdicts") {
  const Matrix shown = matrix_in(page("README.md"));
  REQUIRE(shown.files.size() == 7);
  REQUIRE(shown.rows.size() == 7);
  std::vector<std::string> command{HEDDLE_PROGRAMS "/heddle-conform", "--quick"};
  for (const std::string& file : shown.files) {
    const std::string path = path_of(file);
    if (path.empty()) {
      WARN("left out: " << file << " was not built");
    } else {
      command.push_back(path);
    }
  }
  const ProgramRun run = run_program(command);
  CAPTURE(run.standard_error);
  CHECK(run.status == 0);
  const Matrix printed = matrix_in(lines_of(run.standard_output));
  REQUIRE(printed.files.size() == command.size() - 2);
  for (const std::string& file : printed.files) {
    CAPTURE(file);
    CHECK(column(shown, file) == column(printed, file));
    const std::string title = shown.titles.at(file);
    CHECK_THAT(printed.titles.at(file),
               Catch::Matchers::StartsWith(title.substr(0, title.find("..."))));
  }
}

std::string text_of(const std::string& name) {
  std::string text;
  for (const std::string& line : page(name)) {
    text += line + '\n';
  }
  return as_one_line(text);
}

TEST_CASE("the suite's page quotes the verdict on a subject that offers little") {
  const std::string text = text_of("conformance/README.md");
  std::smatch quoted;
  REQUIRE(std::regex_search(text, quoted, std::regex(R"(conforms in the \d+ of \d+ clauses)")));
  const ProgramRun run = run_program(
      {HEDDLE_PROGRAMS "/heddle-conform", "--quick", HEDDLE_PLUGINS "/libheddle-libstdcxx.so"});
  CAPTURE(run.standard_error);
  CHECK_THAT(as_one_line(run.standard_output), Catch::Matchers::ContainsSubstring(quoted.str()));
}

TEST_CASE("the page for contributors counts mutants and clauses") {
  std::size_t mutants = 0;
  std::set<std::string> clauses;
  for (const fs::directory_entry& entry : fs::directory_iterator(HEDDLE_SOURCE "/tests/mutants")) {
    if (entry.path().extension() == ".patch") {
      ++mutants;
      clauses.insert(page(fs::relative(entry.path(), HEDDLE_SOURCE)).at(0));  // "Clause: ..."
    }
  }
  std::size_t checked = 0;
  const ProgramRun list = run_program({HEDDLE_PROGRAMS "/heddle-conform", "--list"});
  for (const std::string& line : lines_of(list.standard_output)) {
    checked += line.ends_with("(untested)") ? 0U : 1U;
  }
  std::ostringstream sentence;
  sentence << mutants << " mutants stand for " << clauses.size() << " clauses of " << checked
           << " that have a check";
  CHECK_THAT(text_of("CONTRIBUTING.md"), Catch::Matchers::ContainsSubstring(sentence.str()));
}

}  // namespace
}  // namespace heddle::tests
