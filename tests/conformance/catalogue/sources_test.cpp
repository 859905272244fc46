// Each clause names sources that a reader can open, and each MUST quotes the sentence that obliges.
#include <algorithm>
#include <array>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "support/catch.hpp"

namespace heddle::conformance {
namespace {

constexpr std::string_view subject_header = "heddle/subject.h, ";
constexpr std::string_view reference_page = "impl/README.md, ";

std::string text_of(const char* path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  REQUIRE(text);
  return text.str();
}

// With one blank for each run of white space.
std::string flat(const std::string& text) {
  return std::regex_replace(text, std::regex("\\s+"), " ");
}

// What the header says, without the marks of comments.
std::string subject_header_in_prose() {
  const std::string text = text_of(HEDDLE_SUBJECT_HEADER);
  return flat(std::regex_replace(text, std::regex("/\\*|\\*/|\n *\\* "), " "));
}

std::vector<std::string> places_in(std::string_view source) {
  std::vector<std::string> places;
  while (true) {
    const std::size_t end = source.find("; ");
    places.emplace_back(source.substr(0, end));
    if (end == std::string_view::npos) {
      return places;
    }
    source.remove_prefix(end + 2);
  }
}

bool has_known_form(const std::string& place) {
  static const std::array<std::regex, 10> forms = {
      std::regex("Rust 1\\.[0-9]+, library/[a-z0-9_/]+\\.rs: \\S+"),
      std::regex("Rust documentation, (std|core|alloc)(::[A-Za-z0-9_]+)*"),
      std::regex("rust-lang/(rust|rfcs)#[0-9]+"),
      std::regex("POSIX\\.1-2017, (XBD [0-9.]+|XSH [0-9.]+|[a-z0-9_]+)"),
      std::regex("ISO C\\+\\+20, \\[[a-z.]+\\]"),
      std::regex("ISO C17, [0-9]+(\\.[0-9]+)+"),
      std::regex("[A-Za-z0-9_.-]+\\([1-8]\\)"),
      std::regex("glibc 2\\.[0-9]+, [a-z0-9_/-]+\\.c: \\S+"),
      std::regex("heddle/subject\\.h, (rule [0-9]+|[A-Za-z0-9_]+(\\.[a-z_]+)?)"),
      std::regex("impl/README\\.md, \\S.*"),
  };
  return std::any_of(forms.begin(), forms.end(),
                     [&](const std::regex& form) { return std::regex_match(place, form); });
}

// "rule 3", "HEDDLE_ABSENT", "heddle_spawning.join": each of its names stands in the header.
bool stands_in_subject_header(const std::string& item, const std::string& header) {
  if (item.rfind("rule ", 0) == 0) {
    return header.find(" " + item.substr(5) + ". ") != std::string::npos;
  }
  static const std::regex name("[A-Za-z0-9_]+");
  return std::all_of(std::sregex_iterator(item.begin(), item.end(), name), std::sregex_iterator(),
                     [&](const std::smatch& match) {
                       return std::regex_search(header, std::regex("\\b" + match.str() + "\\b"));
                     });
}

bool is_long_enough(std::string_view quotation) {
  constexpr std::ptrdiff_t blanks_of_a_sentence = 4;
  return std::count(quotation.begin(), quotation.end(), ' ') >= blanks_of_a_sentence;
}

// What is wrong with the source of a clause, or nothing.
std::string mistake_in(const Clause& clause) {
  static const std::string header = subject_header_in_prose();
  static const std::string page = text_of(HEDDLE_REFERENCE_PAGE);
  const std::vector<std::string> places = places_in(clause.source);
  for (const std::string& place : places) {
    if (!has_known_form(place)) {
      return "a source of another form: " + place;
    }
    if (place.rfind(subject_header, 0) == 0 &&
        !stands_in_subject_header(place.substr(subject_header.size()), header)) {
      return "subject.h has no such item: " + place;
    }
    if (place.rfind(reference_page, 0) == 0 &&
        page.find("\n## " + place.substr(reference_page.size()) + "\n") == std::string::npos) {
      return "the page has no such section: " + place;
    }
  }
  if (clause.quotation.empty()) {
    return clause.level == Level::must ? "a MUST without a quotation" : "";
  }
  if (!is_long_enough(clause.quotation)) {
    return "a quotation that is no sentence: " + clause.quotation;
  }
  if (places.front().rfind(subject_header, 0) == 0 &&
      header.find(clause.quotation) == std::string::npos) {
    return "subject.h does not say: " + clause.quotation;
  }
  return "";
}

TEST_CASE("each clause has sources that a reader can open, and each MUST a quotation") {
  std::vector<Clause> clauses = catalogue();
  clauses.insert(clauses.end(), smoke_checks().begin(), smoke_checks().end());
  for (const Clause& clause : clauses) {
    CAPTURE(clause.id);
    CHECK(mistake_in(clause).empty());
  }
}

// The check could be blind: it must not accept these.
TEST_CASE("sources of another form are refused") {
  for (const char* source :
       {"", "seed: Parker", "Rust: std::thread::park", "Rust documentation", "POSIX: fork",
        "Rust 1.63, thread/mod.rs: park", "Rust 1.63, library/std/src/thread/mod.rs",
        "rust-lang/rust 98498", "ISO C++20, 33.4.3", "futex", "subject.h: rule 3",
        "heddle/subject.h", "heddle/subject.h, heddle_spawning.levitate",
        "heddle/subject.h, rule 99", "impl/README.md, Levitation",
        "Rust documentation, std::thread::park; and so on"}) {
    Clause clause;
    clause.source = source;
    clause.quotation = "Eats the join handle and waits for the thread.";
    CAPTURE(source);
    CHECK_FALSE(mistake_in(clause).empty());
  }
}

TEST_CASE("quotations that are missing, too short or made up are refused") {
  Clause clause;
  clause.source = "heddle/subject.h, heddle_spawning.join";
  clause.quotation = "Eats the join handle and waits for the thread.";
  CHECK(mistake_in(clause).empty());
  for (const char* quotation :
       {"", "Eats the join handle", "Eats the join handle and levitates the thread."}) {
    clause.quotation = quotation;
    CAPTURE(quotation);
    CHECK_FALSE(mistake_in(clause).empty());
  }
  clause.quotation.clear();
  clause.level = Level::should;
  CHECK(mistake_in(clause).empty());
}

}  // namespace
}  // namespace heddle::conformance
