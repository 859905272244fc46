// The plan language alone, without any process.
#include <plan/plan.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <limits>

namespace heddle::inject {
namespace {

constexpr uint64_t kEver = std::numeric_limits<uint64_t>::max();

heddle_inject_rule rule_of(const std::string& expression) {
  const auto rule = parse_rule(expression);
  INFO(expression);
  REQUIRE(rule.has_value());
  return *rule;
}

struct Range {
  uint64_t first, last, step;
  bool operator==(const Range&) const = default;
};

Range range_of(const std::string& when) {
  const heddle_inject_rule rule = rule_of("mmap:error=ENOMEM" + when);
  return {rule.first, rule.last, rule.step};
}

TEST_CASE("a rule without when fires on every call") {
  CHECK(range_of("") == Range{1, kEver, 1});
}

TEST_CASE("when takes strace's forms") {
  CHECK(range_of(":when=3") == Range{3, 3, 0});
  CHECK(range_of(":when=3..5") == Range{3, 5, 1});
  CHECK(range_of(":when=3+") == Range{3, kEver, 1});
  CHECK(range_of(":when=3+2") == Range{3, kEver, 2});
  CHECK(range_of(":when=3..9+") == Range{3, 9, 1});
  CHECK(range_of(":when=3..9+2") == Range{3, 9, 2});
  CHECK(range_of(":when=18446744073709551615") == Range{kEver, kEver, 0});
}

TEST_CASE("an errno may have an alias for its name") {
  CHECK(rule_of("mmap:error=EWOULDBLOCK").error == EAGAIN);
}

TEST_CASE("calls are counted per thread unless the rule says process") {
  CHECK(rule_of("mmap:error=ENOMEM").count == HEDDLE_INJECT_COUNT_THREAD);
  CHECK(rule_of("mmap:error=ENOMEM:count=thread").count == HEDDLE_INJECT_COUNT_THREAD);
  CHECK(rule_of("mmap:error=ENOMEM:count=process").count == HEDDLE_INJECT_COUNT_PROCESS);
}

TEST_CASE("the keys of a rule may come in any order") {
  const heddle_inject_rule rule = rule_of("futex.wait:count=process:when=2:spurious");
  CHECK(rule.call == HEDDLE_INJECT_FUTEX_WAIT);
  CHECK(rule.action == HEDDLE_INJECT_SPURIOUS);
  CHECK(rule.first == 2);
}

TEST_CASE("a wrong plan is refused at the column of its mistake") {
  const auto [expression, column] = GENERATE(table<std::string, std::size_t>({
      {"", 0},
      {"fork:error=EAGAIN", 0},
      {"futex:error=EINTR", 0},
      {"mmap", 4},
      {"mmap:when=2", 11},
      {"mmap=3", 4},
      {"mmap:", 5},
      {"mmap:eror=ENOMEM", 5},
      {"mmap:error", 10},
      {"mmap:error=", 11},
      {"mmap:error=ENOSUCH", 11},
      {"mmap:error=12", 11},
      {"mmap:error=ENOMEM:error=EAGAIN", 18},
      {"mmap:spurious", 5},
      {"futex.wait:spurious:error=EINTR", 20},
      {"futex.wait:spurious=1", 19},
      {"mmap:error=ENOMEM:when=", 23},
      {"mmap:error=ENOMEM:when=0", 23},
      {"mmap:error=ENOMEM:when=-1", 23},
      {"mmap:error=ENOMEM:when=x", 23},
      {"mmap:error=ENOMEM:when=2x", 24},
      {"mmap:error=ENOMEM:when=18446744073709551616", 23},
      {"mmap:error=ENOMEM:when=3..2", 26},
      {"mmap:error=ENOMEM:when=3..", 26},
      {"mmap:error=ENOMEM:when=3+0", 25},
      {"mmap:error=ENOMEM:when=1:when=2", 25},
      {"mmap:error=ENOMEM:count=machine", 24},
      {"mmap:error=ENOMEM ", 11},
  }));
  INFO(expression);
  const auto rule = parse_rule(expression);
  REQUIRE_FALSE(rule.has_value());
  CHECK(rule.error().column == column);
  CHECK_FALSE(rule.error().message.empty());
}

TEST_CASE("the description of a mistake has a caret below it") {
  CHECK(describe({5, "no"}, "mmap:x") == "no\n  mmap:x\n       ^");
}

}  // namespace
}  // namespace heddle::inject
