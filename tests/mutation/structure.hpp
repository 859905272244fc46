// The statements and conditions of a C++ source, found by its tokens.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mutation/token.hpp"

namespace heddle::mutation {

/// A statement that ends with a semicolon, in the body of a function.
struct Statement {
  enum class Kind { expression, declaration, jump };

  Kind kind;
  std::size_t first;      ///< index of its first token
  std::size_t last;       ///< index of its semicolon
  std::size_t block;      ///< a number that the statements of one block share
  std::size_t end;        ///< index of the block's closing brace
  bool nested;            ///< whether the block lies within another one of the same function
  std::string_view name;  ///< what a declaration declares; empty for other kinds
};

/// What decides an if or a loop.
struct Condition {
  std::size_t first;  ///< index of its first token
  std::size_t last;   ///< index of its last token
  bool declares;      ///< whether it declares a variable, whose value decides
};

struct Structure {
  std::vector<Statement> statements;
  std::vector<Condition> conditions;
};

/// Returns what the source of `tokens` consists of, in order. Knows C++ as far as this tree is
/// written in it, in its layout; what it does not know it leaves out.
Structure structure_of(const std::vector<Token>& tokens);

}  // namespace heddle::mutation
