// Text that nobody has vouched for, on its way to a terminal.

#include "report/wrapped_text.hpp"
#include "support/catch.hpp"

namespace heddle::conformance::views {
namespace {

TEST_CASE("valid characters of every length are taken whole") {
  std::string_view rest = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";
  const std::array<char32_t, 4> codes = {'a', 0xE9, 0x20AC, 0x1F600};
  for (const char32_t code : codes) {
    const inject::Character character = inject::take_character(rest);
    CHECK(character.valid);
    CHECK(character.code == code);
  }
  CHECK(rest.empty());
}

TEST_CASE("overlong forms, surrogates, cut sequences and stray bytes are no characters") {
  for (const std::string_view text :
       {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xF4\x90\x80\x80",
        "\xE2\x82", "\x80", "\xFF"}) {
    std::string_view rest = text;
    const inject::Character character = inject::take_character(rest);
    CHECK_FALSE(character.valid);
    CHECK(character.bytes.size() == 1);
  }
}

TEST_CASE("control characters are spelled out, so that they do not steer the terminal") {
  CHECK(printable("\x1b[31mred\a") == "\\x1b[31mred\\x07");
  CHECK(printable("\xC2\x9B") == "\\x9b");  // the one-character form of ESC [
  CHECK(printable("a\tb") == "a  b");
  CHECK(printable("a\xFF") == "a\xEF\xBF\xBD");
}

TEST_CASE("lines are broken at spaces, and within words only when they are too long") {
  CHECK(wrapped("one two three", 8) == std::vector<std::string>{"one two", "three"});
  CHECK(wrapped("exactly 9", 9) == std::vector<std::string>{"exactly 9"});
  CHECK(wrapped("abcdefghij kl", 4) == std::vector<std::string>{"abcd", "efgh", "ij", "kl"});
}

TEST_CASE("a character counts as one column, however many bytes it has") {
  CHECK(wrapped("\xC3\xA9\xC3\xA9 \xC3\xA9\xC3\xA9", 5).size() == 1);
  CHECK(wrapped("\xC3\xA9\xC3\xA9 \xC3\xA9\xC3\xA9", 4).size() == 2);
}

TEST_CASE("newlines of the text stay, and a final one adds no line") {
  CHECK(wrapped("a\n\nb\n", 10) == std::vector<std::string>{"a", "", "b"});
  CHECK(wrapped("", 10).empty());
}

}  // namespace
}  // namespace heddle::conformance::views
