#include "mutation/token.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace heddle::mutation {
namespace {

// Longest first, since the first that fits is taken. All others have one character.
constexpr std::array<std::string_view, 26> long_punctuation = {
    "<=>", "<<=", ">>=", "...", "->*", "::", "->", "++", "--", "<<", ">>", "<=", ">=",
    "==",  "!=",  "&&",  "||",  "+=",  "-=", "*=", "/=", "%=", "&=", "|=", "^=", "##"};

bool is_word_character(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_';
}

bool is_digit(char character) {
  return std::isdigit(static_cast<unsigned char>(character)) != 0;
}

bool is_space(char character) {
  return std::isspace(static_cast<unsigned char>(character)) != 0;
}

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  std::vector<Token> all() {
    while (skip_to_token()) {
      const std::size_t begin = at_;
      const Token::Kind kind = read();
      const bool spaced = begin > 0 && is_space(source_[begin - 1]) && is_space(next());
      tokens_.push_back({kind, source_.substr(begin, at_ - begin), begin, spaced});
    }
    return std::move(tokens_);
  }

 private:
  // Returns the character at a distance, or NUL beyond the end.
  char next(std::size_t distance = 0) const {
    return at_ + distance < source_.size() ? source_[at_ + distance] : '\0';
  }

  bool starts(std::string_view text) const { return source_.substr(at_).starts_with(text); }

  void skip_past(std::string_view end) {
    const std::size_t found = source_.find(end, at_);
    at_ = found == std::string_view::npos ? source_.size() : found + end.size();
  }

  // Skips to the end of the line; a backslash in front of the end continues it.
  void skip_line() {
    while (at_ < source_.size() && source_[at_] != '\n') {
      at_ += source_[at_] == '\\' ? 2 : 1;
    }
  }

  bool skip_to_token() {
    for (; at_ < source_.size(); line_begins_ = line_begins_ || next() == '\n', ++at_) {
      while (starts("//") || starts("/*") || (line_begins_ && next() == '#')) {
        if (starts("/*")) {
          at_ += 2;
          skip_past("*/");
        } else {
          skip_line();
        }
      }
      if (at_ < source_.size() && !is_space(next())) {
        line_begins_ = false;
        return true;
      }
    }
    return false;
  }

  Token::Kind read() {
    if (is_digit(next()) || (next() == '.' && is_digit(next(1)))) {
      read_number();
      return Token::Kind::number;
    }
    if (is_word_character(next())) {
      while (is_word_character(next())) {
        ++at_;
      }
      const std::string_view word = source_.substr(0, at_);
      if (next() == '"' && word.ends_with('R')) {
        read_raw_text();
        return Token::Kind::text;
      }
      return Token::Kind::word;
    }
    if (next() == '"' || next() == '\'') {
      read_text(next());
      return Token::Kind::text;
    }
    const auto* const found = std::find_if(long_punctuation.begin(), long_punctuation.end(),
                                           [this](std::string_view text) { return starts(text); });
    at_ += found == long_punctuation.end() ? 1 : found->size();
    return Token::Kind::punctuation;
  }

  // A number may have quotes between its digits, and a sign in its exponent.
  void read_number() {
    while (is_word_character(next()) || next() == '.' ||
           (next() == '\'' && is_word_character(next(1)))) {
      const bool exponent = next() == 'e' || next() == 'E';
      ++at_;
      if (exponent && (next() == '+' || next() == '-')) {
        ++at_;
      }
    }
  }

  void read_text(char quote) {
    for (++at_; at_ < source_.size() && next() != quote; ++at_) {
      if (next() == '\\') {
        ++at_;
      }
    }
    at_ = std::min(at_ + 1, source_.size());
  }

  // R"delimiter(...)delimiter", from its first quote.
  void read_raw_text() {
    const std::size_t open = std::min(source_.find('(', at_), source_.size());
    std::string end = ")";
    end.append(source_.substr(at_ + 1, open - at_ - 1)).append("\"");
    at_ = open;
    skip_past(end);
  }

  std::string_view source_;
  std::size_t at_ = 0;
  bool line_begins_ = true;  // only white space and comments so far
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view source) {
  return Lexer(source).all();
}

}  // namespace heddle::mutation
