// What is said of a clause without a run.
#include "command_line/listing.hpp"
#include "support/catch.hpp"

namespace heddle::conformance::views {
namespace {

using Catch::Matchers::ContainsSubstring;

Clause sample_clause() {
  Clause clause;
  clause.id = "JOIN-039";
  clause.sentence = "A thread is joined.";
  clause.source = "heddle/subject.h, heddle_spawning.join";
  clause.quotation = "Eats the join handle and waits for the thread.";
  clause.untested = "it is a sample";
  return clause;
}

TEST_CASE("an explained clause shows where it stands and what is said there") {
  CHECK_THAT(
      explain(sample_clause()),
      ContainsSubstring("  source:     heddle/subject.h, heddle_spawning.join\n"
                        "  quotation:  \"Eats the join handle and waits for the thread.\"\n"));
}

TEST_CASE("an explained clause without a quotation shows no empty one") {
  Clause clause = sample_clause();
  clause.quotation.clear();
  CHECK_THAT(explain(clause), !ContainsSubstring("quotation"));
}

TEST_CASE("a clause about some releases names them wherever it is listed") {
  Clause clause = sample_clause();
  CHECK_THAT(explain(clause), ContainsSubstring("asked of:   every subject\n"));
  clause.level = Level::profile;
  clause.profiles = {"rust-1.63..1.80", "heddle"};
  CHECK_THAT(explain(clause),
             ContainsSubstring("asked of:   subjects of profile rust-1.63 to 1.80, heddle"));
  const Clause* const listed[] = {&clause};
  CHECK(list(listed) ==
        "JOIN-039   profile  A thread is joined. (rust-1.63 to 1.80, heddle) (untested)\n");
  CHECK_THAT(list_as_json(listed), ContainsSubstring(R"("profiles":["rust-1.63..1.80","heddle"])"));
  clause.profiles = {"rust-1.81.."};
  CHECK_THAT(explain(clause), ContainsSubstring("subjects of profile rust-1.81 and later"));
}

TEST_CASE("an explained clause says what the memory lanes leave out, and why") {
  Clause clause = sample_clause();
  clause.untested.clear();
  CHECK_THAT(explain(clause), !ContainsSubstring("--check"));
  clause.leaks = "it asks for one";
  clause.wild_accesses = "it writes to a guard";
  CHECK_THAT(explain(clause), ContainsSubstring("a leak is none here: it asks for one") &&
                                  ContainsSubstring("no error here: it writes to a guard"));
}

}  // namespace
}  // namespace heddle::conformance::views
