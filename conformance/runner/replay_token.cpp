#include "runner/replay_token.hpp"

#include <fmt/format.h>

#include <charconv>

#include "catalogue/catalogue.hpp"
#include "catalogue/hash.hpp"

namespace heddle::conformance {
namespace {

std::string check_of(const Clause& clause, std::string_view program) {
  Hash hash;
  hash.add(clause.id);
  hash.add(clause.sentence);
  hash.add(program);
  return hash.hex().substr(0, 8);
}

}  // namespace

std::string program_to_hex(const Program& program) {
  std::string text;
  for (const std::byte byte : program) {
    text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  }
  return text;
}

std::optional<Program> program_from_hex(std::string_view text) {
  Program program;
  for (; text.size() >= 2; text.remove_prefix(2)) {
    unsigned value = 0;
    const auto result = std::from_chars(text.data(), text.data() + 2, value, 16);
    if (result.ec != std::errc() || result.ptr != text.data() + 2) {
      return std::nullopt;
    }
    program.push_back(static_cast<std::byte>(value));
  }
  return text.empty() ? std::optional(program) : std::nullopt;
}

std::string replay_token(const Clause& clause, const Program& program) {
  const std::string hex = program_to_hex(program);
  return fmt::format("{}:{}:{}", clause.id, hex, check_of(clause, hex));
}

tl::expected<Replay, std::string> replay_from_token(std::string_view token) {
  const auto damaged = [&](std::string_view why) {
    return tl::unexpected(fmt::format("the replay token {} is damaged: {}", token, why));
  };
  // An example has one case, which the clause's id names. For a clause without a check, the answer
  // is the reason why it has none.
  if (const Clause* const example = find_clause(token);
      example != nullptr && !example->scenario.programs) {
    return Replay{example, {}};
  }
  const std::size_t first = token.find(':');
  const std::size_t second = token.find(':', first == token.npos ? first : first + 1);
  if (first == token.npos || second == token.npos) {
    return damaged("it is not of the form CLAUSE:PROGRAM:CHECK");
  }
  const std::string_view hex = token.substr(first + 1, second - first - 1);
  const Clause* const clause = find_clause(token.substr(0, first));
  if (clause == nullptr) {
    return damaged(fmt::format("there is no clause {}", token.substr(0, first)));
  }
  const auto program = program_from_hex(hex);
  if (!program || (!clause->scenario.programs && !program->empty())) {
    return damaged("its program cannot be read");
  }
  if (check_of(*clause, hex) != token.substr(second + 1)) {
    return damaged("its check does not match; was it cut, or made by another version?");
  }
  return Replay{clause, *program};
}

}  // namespace heddle::conformance
