// The list of survivors is read, and refused where it is wrong.
#include "mutation/reasons.hpp"

#include <string>

#include "support/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using heddle::mutation::Mutant;
using heddle::mutation::Reasons;

namespace {

Mutant named(const std::string& file, const std::string& was, const std::string& is,
             std::size_t nth = 1) {
  Mutant mutant;
  mutant.file = file;
  mutant.was = was;
  mutant.is = is;
  mutant.nth = nth;
  return mutant;
}

constexpr const char* list = R"(# A comment.

file: a.cpp
was: int a =
  1;
is: int a = 0;
equivalent: nobody
  reads it

file: b.cpp
was: f();
is: ;
nth: 2
is: f(); f();
accepted: only a
  sanitizer sees it
)";

}  // namespace

TEST_CASE("a reason belongs to all mutants of its stanza") {
  const Reasons reasons(list);
  const auto* const first = reasons.find(named("a.cpp", "int a = 1;", "int a = 0;"));
  REQUIRE(first != nullptr);
  CHECK(first->equivalent);
  CHECK(first->why == "nobody reads it");
  for (const Mutant& mutant :
       {named("b.cpp", "f();", ";", 2), named("b.cpp", "f();", "f(); f();")}) {
    const auto* const found = reasons.find(mutant);
    REQUIRE(found != nullptr);
    CHECK_FALSE(found->equivalent);
    CHECK(found->why == "only a sanitizer sees it");
  }
  CHECK(reasons.find(named("b.cpp", "f();", ";", 1)) == nullptr);
}

TEST_CASE("a reason for no mutant is told") {
  const Reasons reasons(list);
  const auto unknown =
      reasons.unknown({named("a.cpp", "int a = 1;", "int a = 0;"), named("b.cpp", "f();", ";", 2)});
  REQUIRE(unknown.size() == 1);
  CHECK_THAT(unknown.front(), ContainsSubstring("f(); f();"));
}

TEST_CASE("a list that cannot be read is refused with its line") {
  const auto refused = [](const std::string& text, const std::string& message) {
    CAPTURE(text);
    CHECK_THROWS_WITH(Reasons(text), ContainsSubstring(message));
  };
  refused("file a.cpp\n", "line 1: no \"key: value\"");
  refused("was: a\n", "line 1: \"was\" does not belong here");
  refused("file: a\nbecause: b\n", "line 2: \"because\"");
  refused("file: a\nwas: b\nis: c\n\n", "lacks a mutant or a reason");
  refused("file: a\nequivalent: b\n", "does not belong here");
  refused("file: a\nwas: b\nis: c\nis: c\naccepted: d\n", "named twice");
}
