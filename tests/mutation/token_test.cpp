// Tokens are found where C++ has them, and nowhere else.
#include "mutation/token.hpp"

#include <string>

#include "support/catch.hpp"

using heddle::mutation::Token;
using heddle::mutation::tokens_of;
using Kind = heddle::mutation::Token::Kind;

namespace {

// The tokens, with a bar between them.
std::string joined(std::string_view source) {
  std::string text;
  for (const Token& token : tokens_of(source)) {
    text.append(text.empty() ? "" : "|").append(token.text);
  }
  return text;
}

}  // namespace

TEST_CASE("comments and directives leave no tokens") {
  CHECK(joined("a // == 1\nb /* != \n 2 */ c") == "a|b|c");
  CHECK(joined("#if X == 1\nd\n  #define Y \\\n  e + 1\nf") == "d|f");
  CHECK(joined("/* first */ #include <g>\nh # i") == "h|#|i");
  CHECK(joined("// ends with a backslash \\\nj\nk") == "k");
}

TEST_CASE("text in quotes is one token") {
  CHECK(joined(R"(x = "a \" // b" + '\'' + '"';)") == R"(x|=|"a \" // b"|+|'\''|+|'"'|;)");
  CHECK(joined("R\"(a \" b)\" c") == "R\"(a \" b)\"|c");
  CHECK(joined("u8R\"--(a )\" )--\" c") == "u8R\"--(a )\" )--\"|c");
  CHECK(tokens_of("'a'").front().kind == Kind::text);
  CHECK_FALSE(tokens_of("\"true\"").front().is("\"true\""));
  CHECK(joined("\"never closed") == "\"never closed");
}

TEST_CASE("numbers have quotes between their digits, suffixes and exponents") {
  const auto tokens = tokens_of("1'000'000u + .5e-3 + 0x1F'0");
  REQUIRE(tokens.size() == 5);
  CHECK(tokens[0].text == "1'000'000u");
  CHECK(tokens[0].kind == Kind::number);
  CHECK(tokens[2].text == ".5e-3");
  CHECK(tokens[4].text == "0x1F'0");
}

TEST_CASE("signs are as long as they can be") {
  CHECK(joined("a<=>b <= c->d ->* e...++f") == "a|<=>|b|<=|c|->|d|->*|e|...|++|f");
}

TEST_CASE("a token knows its place, and whether white space is around it") {
  const auto tokens = tokens_of("a< b\n== c");
  REQUIRE(tokens.size() == 5);
  CHECK_FALSE(tokens[1].spaced);
  CHECK(tokens[3].spaced);
  CHECK(tokens[3].begin == 5);
  CHECK(tokens[3].end() == 7);
}
