// Reads any bytes as a replay token. A text must be read, or refused in one line, and what was read
// must stay the same when it is written and read again.
#include <catalogue/catalogue.hpp>
#include <runner/replay_token.hpp>

#include "input.hpp"
#include "require.hpp"

namespace heddle::conformance {
namespace {

using fuzz::require;

void require_same(const Clause& clause, const Program& program) {
  const auto again = replay_from_token(replay_token(clause, program));
  require(again.has_value(), "a token that was written is read");
  require(again->clause == &clause, "a token names its clause");
  require(again->program == program, "a token has its program");
}

void read(std::string_view token) {
  const auto replay = replay_from_token(token);
  if (!replay) {
    require(replay.error().starts_with("the replay token"), "a refusal names the token");
    return;
  }
  require_same(*replay->clause, replay->program);
}

// A made-up token hardly ever has the right check, so the program is also read by itself, and
// described as a report would.
void read_without_check(std::string_view token) {
  fuzz::Input rest(token);
  const Clause* const clause = find_clause(rest.text_up_to(':'));
  const auto program = program_from_hex(rest.text_up_to(':'));
  if (clause == nullptr || !program || (!clause->scenario.programs && !program->empty())) {
    return;
  }
  require_same(*clause, *program);
  if (clause->scenario.describe) {
    for (const std::string& step : clause->scenario.describe(*program)) {
      require(!step.empty() && step.find('\n') == step.npos, "a step is described in one line");
    }
  }
}

}  // namespace
}  // namespace heddle::conformance

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view token = heddle::fuzz::as_text(data, size);
  heddle::conformance::read(token);
  heddle::conformance::read_without_check(token);
  return 0;
}
