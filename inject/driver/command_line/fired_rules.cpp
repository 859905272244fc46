#include "command_line/fired_rules.h"

#include <fmt/core.h>

namespace heddle::inject {
namespace {

std::string counted(uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

}  // namespace

std::string describe_outcome(std::string_view expression, const RuleTotals& totals) {
  if (totals.fired == 0) {
    return fmt::format("{} did not fire: the program made {}", expression,
                       counted(totals.reached, "such call"));
  }
  return fmt::format("{} fired {} of {}", expression, counted(totals.fired, "time"),
                     counted(totals.reached, "call"));
}

}  // namespace heddle::inject
