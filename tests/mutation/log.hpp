// What became of each mutant, kept between runs.
#pragma once

#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

#include "mutation/judge.hpp"
#include "mutation/mutant.hpp"

namespace heddle::mutation {

/// Returns the outcome's name, as in the log.
std::string name_of(Judgement::Outcome outcome);

/// Returns the outcome of that name.
std::optional<Judgement::Outcome> outcome_named(const std::string& name);

/// A file of JSON lines, one for each mutant that was judged. A later line about the same mutant
/// stands in place of an earlier one. Thread-safe.
class Log {
 public:
  /// Reads the file, if there is one. Throws std::runtime_error when a line is no judgement.
  explicit Log(std::string path);

  /// Returns the judgement of a mutant, if there is one.
  std::optional<Judgement> find(const Mutant& mutant) const;

  /// Writes a judgement to the file at once.
  void add(const Mutant& mutant, const Judgement& judgement);

 private:
  using Name = std::tuple<std::string, std::string, std::string, std::size_t>;

  mutable std::mutex mutex_;
  std::map<Name, Judgement> judgements_;
  std::ofstream file_;
};

}  // namespace heddle::mutation
