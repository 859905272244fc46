// The tokens of a C++ source.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace heddle::mutation {

/// One token. Text is a literal in quotes, of characters or of one.
struct Token {
  enum class Kind { word, number, text, punctuation };

  Kind kind;
  std::string_view text;  ///< refers to the source
  std::size_t begin;      ///< the offset of its first byte in the source
  bool spaced;            ///< whether white space stands on both sides

  std::size_t end() const { return begin + text.size(); }
  bool is(std::string_view other) const { return kind != Kind::text && text == other; }
};

/// Returns the tokens of `source`, which must live as long. Comments and the lines of preprocessor
/// directives, with those that continue them, leave no tokens.
std::vector<Token> tokens_of(std::string_view source);

}  // namespace heddle::mutation
