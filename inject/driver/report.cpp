#include "report.h"

#include <fmt/core.h>

namespace heddle::inject {
namespace {

std::string counted(uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

}  // namespace

std::string describe_outcome(std::string_view expression, const heddle_inject_rule& rule) {
  if (rule.fired == 0) {
    return fmt::format("{} did not fire: the program made {}", expression,
                       counted(rule.reached, "such call"));
  }
  return fmt::format("{} fired {} of {}", expression, counted(rule.fired, "time"),
                     counted(rule.reached, "call"));
}

}  // namespace heddle::inject
