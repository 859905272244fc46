#include "mutation/mutant.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "mutation/structure.hpp"
#include "mutation/token.hpp"

namespace heddle::mutation {
namespace {

using Edit = std::pair<std::string_view, std::string>;  // the kind of change, and the replacement

std::optional<Edit> other_word(const Token& token) {
  constexpr std::array<std::string_view, 4> orders = {
      "memory_order_acquire", "memory_order_release", "memory_order_acq_rel",
      "memory_order_seq_cst"};
  if (std::find(orders.begin(), orders.end(), token.text) != orders.end()) {
    return Edit("order", "memory_order_relaxed");
  }
  if (token.is("true") || token.is("false")) {
    return Edit("bool", token.is("true") ? "false" : "true");
  }
  return std::nullopt;
}

std::optional<Edit> other_operator(const Token& token) {
  struct Pair {
    std::string_view change, left, right;
  };
  constexpr std::array<Pair, 7> pairs = {{{"comparison", "==", "!="},
                                          {"comparison", "<", "<="},
                                          {"comparison", ">", ">="},
                                          {"logic", "&&", "||"},
                                          {"arithmetic", "+", "-"},
                                          {"arithmetic", "+=", "-="},
                                          {"arithmetic", "|", "&"}}};
  // A sign without white space on both sides is part of a type, or has one operand.
  if (!token.spaced) {
    return std::nullopt;
  }
  for (const auto& [change, left, right] : pairs) {
    if (token.is(left) || token.is(right)) {
      return Edit(change, token.is(left) ? right : left);
    }
  }
  return std::nullopt;
}

std::optional<Edit> other_step(const Token& token) {
  if (token.is("!")) {
    return Edit("not", "");
  }
  if (token.is("++") || token.is("--")) {
    return Edit("step", token.is("++") ? "--" : "++");
  }
  return std::nullopt;
}

// 0 and 1 change places, any other decimal number grows by one. A suffix stays.
std::optional<Edit> other_number(const Token& token) {
  std::string digits;
  std::size_t length = 0;
  for (; length < token.text.size(); ++length) {
    const char character = token.text[length];
    if (character >= '0' && character <= '9') {
      digits += character;
    } else if (character != '\'') {
      break;
    }
  }
  const std::string_view suffix = token.text.substr(length);
  if (digits.empty() || digits.size() > 18 || (digits.size() > 1 && digits.front() == '0') ||
      suffix.find_first_not_of("uUlLzZ") != std::string_view::npos) {
    return std::nullopt;
  }
  const std::uint64_t number = std::stoull(digits);
  const std::uint64_t other = number == 1 ? 0 : number + 1;
  return Edit("number", std::to_string(other).append(suffix));
}

// Cuts comments off, and makes one blank of each white space. A comment sign in quotes counts, too:
// this makes names, not code.
std::string one_line(std::string_view text) {
  std::string line;
  bool comment = false;
  for (std::size_t index = 0; index < text.size(); ++index) {
    comment = text[index] != '\n' && (comment || text.substr(index).starts_with("//"));
    const bool blank = comment || text[index] == ' ' || text[index] == '\n';
    if (!blank) {
      line += text[index];
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (!line.empty() && line.back() == ' ') {
    line.pop_back();
  }
  return line;
}

class Maker {
 public:
  Maker(std::string file, std::string_view source)
      : file_(std::move(file)),
        source_(source),
        tokens_(tokens_of(source)),
        structure_(structure_of(tokens_)) {}

  std::vector<Mutant> all() {
    change_tokens();
    force_conditions();
    change_statements();
    std::stable_sort(mutants_.begin(), mutants_.end(), [](const Mutant& left, const Mutant& right) {
      return left.begin < right.begin;
    });
    std::map<std::pair<std::string, std::string>, std::size_t> counts;
    for (Mutant& mutant : mutants_) {
      mutant.nth = ++counts[{mutant.was, mutant.is}];
    }
    return std::move(mutants_);
  }

 private:
  void change_tokens() {
    for (std::size_t index = 0; index < tokens_.size(); ++index) {
      const Token& token = tokens_[index];
      std::optional<Edit> edit;
      if (token.kind == Token::Kind::number) {
        edit = other_number(token);
      } else if (token.kind == Token::Kind::word) {
        edit = other_word(token);
      } else if (token.kind == Token::Kind::punctuation && !belongs_to_declaration(index)) {
        edit = other_operator(token);
        edit = edit ? edit : other_step(token);
      }
      if (edit) {
        add(edit->first, token.begin, token.end(), edit->second);
      }
      // The weakest operators, so they reach over the whole condition.
      if (token.is("?")) {
        add("condition", token.begin, token.end(), "|| true ?");
        add("condition", token.begin, token.end(), "&& false ?");
      }
    }
  }

  // Whether the sign stands behind a function's parameters, as in `join() && {`, or names an
  // operator that is being defined.
  bool belongs_to_declaration(std::size_t index) const {
    const bool named = index > 0 && tokens_[index - 1].is("operator");
    if (index + 1 == tokens_.size()) {
      return true;
    }
    const Token& next = tokens_[index + 1];
    return named || (tokens_[index].is("&&") &&
                     (next.is("{") || next.is(";") || next.is("noexcept") || next.is("requires")));
  }

  void force_conditions() {
    for (const Condition& condition : structure_.conditions) {
      const std::size_t begin = tokens_[condition.first].begin;
      const std::size_t end = tokens_[condition.last].end();
      for (const char* const value : {"true", "false"}) {
        if (condition.declares) {
          add("condition", end, end, std::string("; ") + value);
        } else if (source_.substr(begin, end - begin) != value) {
          add("condition", begin, end, value);
        }
      }
    }
  }

  void change_statements() {
    for (std::size_t index = 0; index < structure_.statements.size(); ++index) {
      const Statement& statement = structure_.statements[index];
      if (can_be_dropped(statement)) {
        const std::string_view text = text_of(statement);
        add("drop", begin_of(statement), end_of(statement),
            ";" + std::string(std::count(text.begin(), text.end(), '\n'), '\n'));
      }
      if (statement.kind == Statement::Kind::expression) {
        add("double", end_of(statement), end_of(statement), " " + one_line(text_of(statement)));
      }
      if (index + 1 < structure_.statements.size()) {
        swap(statement, structure_.statements[index + 1]);
      }
    }
  }

  bool can_be_dropped(const Statement& statement) const {
    switch (statement.kind) {
      case Statement::Kind::expression:
        return true;
      case Statement::Kind::jump:
        return statement.nested;  // a return at the end of a function has nothing after it
      case Statement::Kind::declaration:
        return !is_used(statement.name, statement.last, statement.end) &&
               !tokens_[statement.first].is("using") &&
               !tokens_[statement.first].is("static_assert");
    }
    return false;
  }

  // Whether the name stands among the tokens after `after` and before `end`.
  bool is_used(std::string_view name, std::size_t after, std::size_t end) const {
    for (std::size_t index = after + 1; index < std::min(end, tokens_.size()); ++index) {
      if (tokens_[index].is(name) || name == "]") {  // the names of a binding stand in brackets
        return true;
      }
    }
    return false;
  }

  void swap(const Statement& statement, const Statement& next) {
    const bool neighbours = statement.block == next.block && next.first == statement.last + 1;
    if (!neighbours || statement.kind == Statement::Kind::jump ||
        next.kind == Statement::Kind::jump || text_of(statement) == text_of(next) ||
        (!statement.name.empty() && is_used(statement.name, statement.last, next.last))) {
      return;
    }
    const std::size_t gap = end_of(statement);
    std::string swapped(text_of(next));
    swapped.append(source_.substr(gap, begin_of(next) - gap)).append(text_of(statement));
    add("swap", begin_of(statement), end_of(next), swapped);
  }

  std::size_t begin_of(const Statement& statement) const { return tokens_[statement.first].begin; }
  std::size_t end_of(const Statement& statement) const { return tokens_[statement.last].end(); }
  std::string_view text_of(const Statement& statement) const {
    return source_.substr(begin_of(statement), end_of(statement) - begin_of(statement));
  }

  void add(std::string_view change, std::size_t begin, std::size_t end, std::string replacement) {
    const std::size_t found = begin == 0 ? std::string_view::npos : source_.rfind('\n', begin - 1);
    const std::size_t first = found == std::string_view::npos ? 0 : found + 1;
    const std::size_t last = std::min(source_.find('\n', end), source_.size());
    Mutant mutant;
    mutant.file = file_;
    mutant.change = change;
    mutant.was = one_line(source_.substr(first, last - first));
    mutant.line = 1 + static_cast<std::size_t>(std::count(
                          source_.begin(), source_.begin() + static_cast<long>(begin), '\n'));
    std::string after(source_.substr(first, begin - first));
    after.append(replacement).append(source_.substr(end, last - end));
    mutant.is = one_line(after);
    mutant.begin = begin;
    mutant.length = end - begin;
    mutant.replacement = std::move(replacement);
    // `!x` and a condition that is forced may come to the same text.
    if (made_.emplace(mutant.begin, mutant.is).second) {
      mutants_.push_back(std::move(mutant));
    }
  }

  std::string file_;
  std::string_view source_;
  std::vector<Token> tokens_;
  Structure structure_;
  std::set<std::pair<std::size_t, std::string>> made_;
  std::vector<Mutant> mutants_;
};

}  // namespace

std::vector<Mutant> mutants_of(const std::string& file, std::string_view source) {
  return Maker(file, source).all();
}

}  // namespace heddle::mutation
