#include "plan/plan_text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace heddle::inject {
namespace {

constexpr std::size_t largest_plan = std::size_t{1} << 20;
constexpr std::string_view blanks = " \t\r";

std::string describe_in_file(const PlanError& error, std::string_view expression,
                             std::string_view name, std::size_t line, std::size_t indentation) {
  return fmt::format("{}:{}:{}: {}", name, line, indentation + error.column + 1,
                     describe(error, expression));
}

}  // namespace

tl::expected<std::vector<PlannedRule>, std::string> parse_plan_text(std::string_view text,
                                                                    std::string_view name) {
  std::vector<PlannedRule> plan;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t begin = line.find_first_not_of(blanks);
    if (begin == std::string_view::npos || line[begin] == '#') {
      continue;
    }
    const std::string_view expression =
        line.substr(begin, line.find_last_not_of(blanks) + 1 - begin);
    const auto rules = parse_rules(expression);
    if (!rules) {
      return tl::unexpected(describe_in_file(rules.error(), expression, name, number, begin));
    }
    plan.insert(plan.end(), rules->begin(), rules->end());
  }
  return plan;
}

tl::expected<std::vector<PlannedRule>, std::string> read_plan_text(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"),
                                                             std::fclose);
  std::string text(largest_plan + 1, '\0');
  text.resize(file != nullptr ? std::fread(text.data(), 1, text.size(), file.get()) : 0);
  if (file == nullptr || std::ferror(file.get()) != 0) {
    return tl::unexpected(
        fmt::format("cannot read the plan {}: {}: check its path", path, std::strerror(errno)));
  }
  if (text.size() > largest_plan) {
    return tl::unexpected(fmt::format("{} is larger than 1 MiB: this is no plan", path));
  }
  return parse_plan_text(text, path);
}

}  // namespace heddle::inject
