// Why some mutants may survive: the file survivors.txt.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "mutation/mutant.hpp"

namespace heddle::mutation {

struct Reason {
  bool equivalent = false;  ///< it does what the unmutated source does, so no clause can see it
  std::string why;
};

/// The reasons, by the mutants' names.
class Reasons {
 public:
  /// Reads stanzas that an empty line ends. Each names a file, one mutant or more by `was`, `is`
  /// and where need be `nth`, and then says why: `equivalent` or `accepted`. Further lines of a
  /// value are indented. Throws std::runtime_error with the line of what it cannot read, and for a
  /// mutant that is named twice.
  explicit Reasons(std::string_view text);

  /// Returns the reason for a mutant; null if there is none.
  const Reason* find(const Mutant& mutant) const;

  /// Returns a text for each name that none of `mutants` has.
  std::vector<std::string> unknown(const std::vector<Mutant>& mutants) const;

 private:
  using Name = std::tuple<std::string, std::string, std::string, std::size_t>;

  struct Stanza {
    std::string file;
    std::vector<Name> names;
    Reason reason;
  };

  void add(const Stanza& stanza, std::size_t line);

  std::map<Name, Reason> reasons_;
};

}  // namespace heddle::mutation
