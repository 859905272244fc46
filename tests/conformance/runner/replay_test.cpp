// A replay token is one case, complete.
#include "runner/replay_token.hpp"

#include "catalogue/catalogue.hpp"
#include "support/catch.hpp"

using heddle::conformance::find_clause;
using heddle::conformance::Program;
using heddle::conformance::replay_from_token;
using heddle::conformance::replay_token;

TEST_CASE("a token of a property brings the program back") {
  const auto& clause = *find_clause("PARK-301");
  const Program program = {std::byte{1}, std::byte{0}, std::byte{0xff}, std::byte{7}};
  const auto replay = replay_from_token(replay_token(clause, program));
  REQUIRE(replay);
  CHECK(replay->clause == &clause);
  CHECK(replay->program == program);
}

TEST_CASE("a token in which one letter is another is refused") {
  const auto& clause = *find_clause("PARK-301");
  const std::string token = replay_token(clause, {std::byte{1}, std::byte{2}});
  // Wherever the letter stands: the clause, the program or the check.
  for (std::size_t position = 0; position < token.size(); ++position) {
    std::string damaged = token;
    damaged[position] = damaged[position] == '3' ? '4' : '3';
    CAPTURE(damaged);
    CHECK_FALSE(replay_from_token(damaged));
  }
}

TEST_CASE("an example is replayed by its id, a property is not") {
  const auto replay = replay_from_token("spawn-001");
  REQUIRE(replay);
  CHECK(replay->clause == find_clause("SPAWN-001"));
  CHECK_FALSE(replay_from_token("PARK-301"));
}

TEST_CASE("a token of an example has no program") {
  CHECK(replay_from_token(replay_token(*find_clause("SPAWN-001"), {})));
  CHECK_FALSE(replay_from_token(replay_token(*find_clause("SPAWN-001"), {std::byte{1}})));
}
