#include "mutation/structure.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace heddle::mutation {
namespace {

template <std::size_t size>
bool is_one_of(const Token& token, const std::array<std::string_view, size>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return token.is(word); });
}

constexpr std::array<std::string_view, 4> types = {"class", "struct", "union", "enum"};
constexpr std::array<std::string_view, 5> jumps = {"return", "throw", "break", "continue", "goto"};
constexpr std::array<std::string_view, 14> declaring = {
    "const",  "auto",  "constexpr",     "static", "constinit", "using",    "typedef",
    "struct", "class", "static_assert", "union",  "enum",      "typename", "extern"};

// Walks through the tokens once. `at_` is the token to be looked at.
class Parser {
 public:
  explicit Parser(const std::vector<Token>& tokens) : tokens_(tokens) {}

  Structure whole() {
    while (at_ < tokens_.size()) {
      scope();
      ++at_;  // a closing brace too many
    }
    std::sort(
        found_.statements.begin(), found_.statements.end(),
        [](const Statement& left, const Statement& right) { return left.first < right.first; });
    return std::move(found_);
  }

 private:
  bool at(std::string_view text, std::size_t distance = 0) const {
    return at_ + distance < tokens_.size() && tokens_[at_ + distance].is(text);
  }

  bool inside() const { return at_ < tokens_.size() && !at("}"); }

  // Returns the index of the bracket that closes the one at `open`, or the number of tokens.
  std::size_t closing(std::size_t open) const {
    std::size_t depth = 0;
    for (std::size_t index = open; index < tokens_.size(); ++index) {
      const Token& token = tokens_[index];
      if (token.is("(") || token.is("{") || token.is("[")) {
        ++depth;
      } else if ((token.is(")") || token.is("}") || token.is("]")) && --depth == 0) {
        return index;
      }
    }
    return tokens_.size();
  }

  // Returns the index after the template arguments or parameters that begin at `open`.
  std::size_t after_angles(std::size_t open) const {
    std::size_t depth = 0;
    for (std::size_t index = open; index < tokens_.size(); ++index) {
      const Token& token = tokens_[index];
      if (token.is("(")) {
        index = closing(index);
      } else if (token.is("<")) {
        ++depth;
      } else if (token.is(">") || token.is(">>")) {
        depth -= std::min(depth, token.text.size());
        if (depth == 0) {
          return index + 1;
        }
      } else if (token.is(";")) {
        return index;
      }
    }
    return tokens_.size();
  }

  // Reads the declarations of a namespace or class, up to its closing brace.
  void scope() {
    while (inside()) {
      skip_template();
      const std::optional<std::size_t> brace = brace_of_definition();
      if (brace && (at("namespace") || at("extern") || !at("enum"))) {
        at_ = *brace + 1;
        scope();
        ++at_;
      } else if (brace) {
        at_ = closing(*brace) + 1;
      } else if (at(":", 1) && (at("public") || at("private") || at("protected"))) {
        at_ += 2;
      } else {
        const std::size_t first = at_;
        rest_of_statement(true);
        at_ += at_ == first ? 1 : 0;  // past a bracket that nothing opened
      }
    }
  }

  void skip_template() {
    while (at("template") || (at("requires") && at("(", 1))) {
      at_ = at("template") ? after_angles(at_ + 1) : closing(at_ + 1) + 1;
    }
  }

  // Returns the index of the brace that opens the namespace or type defined here, if one is.
  std::optional<std::size_t> brace_of_definition() const {
    if (!at("namespace") && !at("extern") && !(at_ < tokens_.size() && is_type(at_))) {
      return std::nullopt;
    }
    for (std::size_t index = at_; index < tokens_.size(); ++index) {
      if (tokens_[index].is("{")) {
        return index;
      }
      if (tokens_[index].is("(") || tokens_[index].is(";") || tokens_[index].is("=")) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  bool is_type(std::size_t index) const { return is_one_of(tokens_[index], types); }

  // Whether the brace at `brace` opens a function's body or a lambda's, not a list of values.
  bool opens_body(std::size_t brace) const {
    constexpr std::array<std::string_view, 8> before = {")",        "]",     "}",        "const",
                                                        "noexcept", "final", "override", "mutable"};
    if (brace == 0) {
      return false;
    }
    if (is_one_of(tokens_[brace - 1], before) || tokens_[brace - 1].is("&&")) {
      return true;
    }
    // After the parameters there may be a type or a requirement.
    for (std::size_t index = brace - 1; index > 0; --index) {
      const Token& token = tokens_[index];
      if (token.is(";") || token.is("{") || token.is("}") || token.is("=")) {
        return false;
      }
      if (token.is("requires") || (token.is("->") && tokens_[index - 1].is(")"))) {
        return true;
      }
    }
    return false;
  }

  // Reads up to the semicolon, past the bodies of lambdas. A function's body ends it, too.
  void rest_of_statement(bool functions) {
    std::size_t depth = 0;
    for (; at_ < tokens_.size(); ++at_) {
      if (at("{") && opens_body(at_)) {
        ++at_;
        block(false);
        if (functions && depth == 0) {
          ++at_;
          return;
        }
      } else if (at("(") || at("[") || at("{")) {
        ++depth;
      } else if (at(")") || at("]") || at("}")) {
        if (depth == 0) {
          return;
        }
        --depth;
      } else if (at(";") && depth == 0) {
        ++at_;
        return;
      }
    }
  }

  // Reads the statements of a block, up to its closing brace.
  void block(bool nested) {
    const std::size_t number = blocks_++;
    const std::size_t end = at_ == 0 ? tokens_.size() : closing(at_ - 1);
    while (inside()) {
      if (at("{")) {
        ++at_;
        block(true);
        ++at_;
      } else if (at("else") || at("do") || at("try")) {
        ++at_;
      } else if (at("if") || at("while") || at("for") || at("switch") || at("catch")) {
        control();
      } else if (at("case") || at("default")) {
        while (inside() && !at(":")) {
          ++at_;
        }
        ++at_;
      } else if (const auto brace = brace_of_definition()) {
        at_ = *brace + 1;
        scope();
        ++at_;
        rest_of_statement(false);
      } else {
        simple_statement(number, end, nested);
      }
    }
  }

  void control() {
    const bool loop = at("for");
    const bool decides = loop || at("if") || at("while");
    ++at_;
    if (at("constexpr")) {
      ++at_;
    }
    const std::size_t open = at_;
    const std::size_t close = closing(open);
    if (decides) {
      condition(open, close, loop);
    }
    // A lambda may stand in the parentheses.
    for (++at_; at_ < close; ++at_) {
      if (at("{") && opens_body(at_)) {
        ++at_;
        block(false);
      }
    }
    at_ = close + 1;
    if (at("[") && at("[", 1)) {
      at_ = closing(at_) + 1;
    }
    if (at(";")) {
      ++at_;  // the end of a do
    }
  }

  void condition(std::size_t open, std::size_t close, bool loop) {
    std::vector<std::size_t> semicolons;
    bool declares = false;
    for (std::size_t index = open + 1; index < close; ++index) {
      if (tokens_[index].is("(") || tokens_[index].is("{") || tokens_[index].is("[")) {
        index = closing(index);
      } else if (tokens_[index].is(";")) {
        semicolons.push_back(index);
        declares = false;
      } else if (tokens_[index].is("=")) {
        declares = true;
      }
    }
    if (loop && semicolons.size() != 2) {
      return;
    }
    const std::size_t first = (semicolons.empty() ? open : semicolons.front()) + 1;
    const std::size_t end = loop ? semicolons.back() : close;
    if (first < end) {
      found_.conditions.push_back({first, end - 1, declares && !loop});
    }
  }

  void simple_statement(std::size_t number, std::size_t end, bool nested) {
    const std::size_t first = at_;
    rest_of_statement(false);
    if (at_ == first) {
      ++at_;  // a bracket that nothing opened: not C++ as it is known here
      return;
    }
    const std::size_t last = at_ - 1;
    if (first == last || !tokens_[last].is(";")) {
      return;
    }
    const std::string_view name = declared_name(first, last);
    const auto kind = is_one_of(tokens_[first], jumps) ? Statement::Kind::jump
                      : !name.empty()                  ? Statement::Kind::declaration
                                                       : Statement::Kind::expression;
    found_.statements.push_back({kind, first, last, number, end, nested, name});
  }

  // Returns the name that the statement declares, empty if it is no declaration: the word in front
  // of the first bracket, equals sign or end.
  std::string_view declared_name(std::size_t first, std::size_t last) const {
    if (!is_one_of(tokens_[first], declaring) && !two_names(first)) {
      return {};
    }
    for (std::size_t index = first; index <= last; ++index) {
      const Token& token = tokens_[index];
      if (token.is("<")) {
        index = after_angles(index) - 1;
      } else if (index > first && (token.is("(") || token.is("{") || token.is("=") ||
                                   token.is("[") || token.is(";"))) {
        return tokens_[index - 1].text;
      }
    }
    return {};
  }

  // Whether a type and a name stand here, as in `Thread& thread`.
  bool two_names(std::size_t first) const {
    if (tokens_[first].kind != Token::Kind::word || is_one_of(tokens_[first], jumps) ||
        tokens_[first].is("delete") || tokens_[first].is("new")) {
      return false;
    }
    std::size_t index = first + 1;
    while (index + 1 < tokens_.size() && (tokens_[index].is("::") || tokens_[index].is("<"))) {
      index = tokens_[index].is("::") ? index + 2 : after_angles(index);
    }
    while (index < tokens_.size() &&
           (tokens_[index].is("*") || tokens_[index].is("&") || tokens_[index].is("const"))) {
      ++index;
    }
    return index < tokens_.size() && tokens_[index].kind == Token::Kind::word;
  }

  const std::vector<Token>& tokens_;
  std::size_t at_ = 0;
  std::size_t blocks_ = 0;
  Structure found_;
};

}  // namespace

Structure structure_of(const std::vector<Token>& tokens) {
  return Parser(tokens).whole();
}

}  // namespace heddle::mutation
