// What each part of the plan language makes of a rule, without any process.
#include <plan/plan.hpp>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <limits>

#include "support/catch.hpp"

namespace heddle::inject {
namespace {

constexpr std::uint64_t ever = std::numeric_limits<std::uint64_t>::max();

std::vector<PlannedRule> rules_of(const std::string& expression) {
  const auto rules = parse_rules(expression);
  INFO(expression << ": " << (rules ? "" : rules.error().message));
  REQUIRE(rules.has_value());
  return *rules;
}

heddle_inject_rule rule_of(const std::string& expression) {
  const std::vector<PlannedRule> rules = rules_of(expression);
  REQUIRE(rules.size() == 1);
  return rules.front().rule;
}

struct Range {
  std::uint64_t first, last, step;
  bool operator==(const Range&) const = default;
};

Range range_of(const std::string& when) {
  const heddle_inject_rule rule = rule_of("mmap:error=ENOMEM" + when);
  return {rule.first, rule.last, rule.step};
}

TEST_CASE("a rule without when fires on every call") {
  CHECK(range_of("") == Range{1, ever, 1});
}

TEST_CASE("when takes strace's forms") {
  CHECK(range_of(":when=3") == Range{3, 3, 0});
  CHECK(range_of(":when=3..5") == Range{3, 5, 1});
  CHECK(range_of(":when=3+") == Range{3, ever, 1});
  CHECK(range_of(":when=3+2") == Range{3, ever, 2});
  CHECK(range_of(":when=3..9+") == Range{3, 9, 1});
  CHECK(range_of(":when=3..9+2") == Range{3, 9, 2});
  CHECK(range_of(":when=18446744073709551615") == Range{ever, ever, 0});
  CHECK(range_of(":when=3+:times=1") == Range{3, ever, 1});
}

TEST_CASE("an errno is given by its name, by an alias, or by its number") {
  CHECK(rule_of("mmap:error=ENOMEM").action == HEDDLE_INJECT_ERROR);
  CHECK(rule_of("mmap:error=ENOMEM").error == ENOMEM);
  CHECK(rule_of("mmap:error=EWOULDBLOCK").error == EAGAIN);
  CHECK(rule_of("mmap:error=12").error == 12);
  CHECK(rule_of("mmap:error=4095").error == 4095);
}

TEST_CASE("retval is a number of 64 bits, in decimal or hexadecimal") {
  CHECK(rule_of("mmap:retval=-1").action == HEDDLE_INJECT_RETURN);
  CHECK(rule_of("mmap:retval=-1").return_value == -1);
  CHECK(rule_of("mmap:retval=0").return_value == 0);
  CHECK(rule_of("mmap:retval=0x1000").return_value == 4096);
  CHECK(rule_of("mmap:retval=18446744073709551615").return_value == -1);
  CHECK(rule_of("mmap:retval=-9223372036854775808").return_value ==
        std::numeric_limits<std::int64_t>::min());
}

TEST_CASE("a signal alone leaves the call as it is") {
  CHECK(rule_of("mmap:signal=SIGUSR1").action == HEDDLE_INJECT_NOTHING);
  CHECK(rule_of("mmap:signal=SIGUSR1").signal == SIGUSR1);
  CHECK(rule_of("mmap:signal=USR1").signal == SIGUSR1);
  CHECK(rule_of("mmap:signal=SIGPOLL").signal == SIGIO);
  CHECK(rule_of("mmap:signal=SIGIO").signal == SIGIO);
  CHECK(rule_of("mmap:signal=64").signal == 64);
}

TEST_CASE("delays have units, and are in microseconds without one, as in strace") {
  CHECK(rule_of("mmap:delay_enter=7").delay_enter == 7'000);
  CHECK(rule_of("mmap:delay_enter=7ns").delay_enter == 7);
  CHECK(rule_of("mmap:delay_enter=7us").delay_enter == 7'000);
  CHECK(rule_of("mmap:delay_enter=7ms").delay_enter == 7'000'000);
  CHECK(rule_of("mmap:delay_enter=7s").delay_enter == 7'000'000'000);
  CHECK(rule_of("mmap:delay_enter=1.5s").delay_enter == 1'500'000'000);
  CHECK(rule_of("mmap:delay_exit=2ms").delay_exit == 2'000'000);
  CHECK(rule_of("mmap:delay_exit=2ms").delay_enter == 0);
}

TEST_CASE("calls are counted per thread unless the rule says process") {
  CHECK(rule_of("mmap:error=ENOMEM").count == HEDDLE_INJECT_COUNT_THREAD);
  CHECK(rule_of("mmap:error=ENOMEM:count=thread").count == HEDDLE_INJECT_COUNT_THREAD);
  CHECK(rule_of("mmap:error=ENOMEM:count=process").count == HEDDLE_INJECT_COUNT_PROCESS);
}

TEST_CASE("times is the number of firings that a rule is bound to") {
  CHECK(rule_of("mmap:error=ENOMEM:times=3").times == 3);
  CHECK(rule_of("mmap:error=ENOMEM").times == 0);
}

TEST_CASE("p is a fraction of 2^64, and 1 is always") {
  CHECK(rule_of("mmap:error=ENOMEM:p=0.5").chance == std::uint64_t{1} << 63);
  CHECK(rule_of("mmap:error=ENOMEM:p=0.25").chance == std::uint64_t{1} << 62);
  CHECK(rule_of("mmap:error=ENOMEM:p=0.01").chance == 184467440737095516);
  CHECK(rule_of("mmap:error=ENOMEM:p=0.99999999999999999999").chance == ever);
  CHECK(rule_of("mmap:error=ENOMEM:p=1").chance == 0);
  CHECK(rule_of("mmap:error=ENOMEM:p=1.0").chance == 0);
}

TEST_CASE("a rule that draws needs a seed, and says so until it has one") {
  CHECK(rule_of("mmap:error=ENOMEM:p=0.5:seed=7").seed == 7);
  CHECK_FALSE(needs_seed(rule_of("mmap:error=ENOMEM:p=0.5:seed=7")));
  CHECK_FALSE(needs_seed(rule_of("mmap:error=ENOMEM")));
  CHECK_FALSE(needs_seed(rule_of("mmap:error=ENOMEM:p=1")));
  PlannedRule planned = rules_of("mmap:error=ENOMEM:p=0.5").front();
  CHECK(needs_seed(planned.rule));
  give_seed(planned, 9);
  CHECK(planned.expression == "mmap:error=ENOMEM:p=0.5:seed=9");
  CHECK(planned.rule.seed == 9);
  CHECK_FALSE(needs_seed(planned.rule));
}

TEST_CASE("possible is a flag") {
  CHECK(rule_of("mmap:error=EACCES:possible").flags == HEDDLE_INJECT_POSSIBLE);
}

TEST_CASE("sticky is a flag") {
  CHECK(rule_of("mmap:error=ENOMEM:sticky").flags == HEDDLE_INJECT_STICKY);
  CHECK(rule_of("mmap:error=ENOMEM").flags == 0);
}

TEST_CASE("a thread is given by its name or its path, or both") {
  CHECK(rule_of("mmap:error=ENOMEM:thread=worker").thread_name == std::string("worker"));
  CHECK(rule_of("mmap:error=ENOMEM:thread=worker").thread_path == 0);
  CHECK(rule_of("mmap:error=ENOMEM:thread=pool\\:3\\\\").thread_name == std::string("pool:3\\"));
  for (const char* path : {"0", "0.2", "0.2.1", "0.f1", "0.f12.3", "?"}) {
    CHECK(rule_of(std::string("mmap:error=ENOMEM:thread=#") + path).thread_path ==
          heddle_inject_path_hash(path));
  }
  CHECK(rule_of("mmap:error=ENOMEM:thread=#00000000000000ff").thread_path == 255);
  const heddle_inject_rule both = rule_of("mmap:error=ENOMEM:thread=worker:thread=#0.2");
  CHECK(both.thread_name == std::string("worker"));
  CHECK(both.thread_path == heddle_inject_path_hash("0.2"));
}

TEST_CASE("a place is given by call stack, calling module and program") {
  CHECK(rule_of("mmap:error=ENOMEM:stack=0123456789abcdef").stack == 0x0123456789abcdef);
  CHECK(rule_of("mmap:error=ENOMEM:caller=libfoo.so").caller == std::string("libfoo.so"));
  CHECK(rule_of("mmap:error=ENOMEM:exe=xz").exe == std::string("xz"));
}

TEST_CASE("arguments are compared with numbers") {
  const auto [text, comparator] = GENERATE(table<std::string, std::uint16_t>({
      {"=", HEDDLE_INJECT_EQUAL},
      {"!=", HEDDLE_INJECT_NOT_EQUAL},
      {"<", HEDDLE_INJECT_LESS},
      {"<=", HEDDLE_INJECT_LESS_OR_EQUAL},
      {">", HEDDLE_INJECT_GREATER},
      {">=", HEDDLE_INJECT_GREATER_OR_EQUAL},
      {"&", HEDDLE_INJECT_ANY_BIT},
      {"&=", HEDDLE_INJECT_ALL_BITS},
  }));
  const heddle_inject_rule rule = rule_of("mmap:error=ENOMEM:arg2" + text + "0x30");
  CHECK(rule.comparisons[0].argument == 2);
  CHECK(rule.comparisons[0].comparator == comparator);
  CHECK(rule.comparisons[0].value == 0x30);
  CHECK(rule.comparisons[1].argument == 0);
}

TEST_CASE("a rule has up to four comparisons, also of one argument") {
  const heddle_inject_rule rule =
      rule_of("mmap:arg2>=4096:arg2<65536:error=ENOMEM:arg5=-1:arg6!=0");
  CHECK(rule.comparisons[1].argument == 2);
  CHECK(rule.comparisons[1].value == 65536);
  CHECK(rule.comparisons[2].value == ever);
  CHECK(rule.comparisons[3].argument == 6);
}

TEST_CASE("futex with an operation is the row of that name") {
  CHECK(rule_of("futex:op=wait:spurious").call == HEDDLE_INJECT_FUTEX_WAIT);
  CHECK(rule_of("futex:spurious:op=wait").call == HEDDLE_INJECT_FUTEX_WAIT);
  CHECK(rule_of("futex:op=wake_op:error=EINVAL").call == HEDDLE_INJECT_FUTEX_WAKE_OP);
}

TEST_CASE("other system calls are given by name or number") {
  CHECK(rule_of("syscall.read:error=EIO").call == HEDDLE_INJECT_SYSTEM_CALL);
  CHECK(rule_of("syscall.read:error=EIO").number == 0);
  CHECK(rule_of("syscall.openat:error=EIO").number == 257);
  CHECK(rule_of("syscall.1000:error=EIO").number == 1000);
  CHECK(rule_of("syscall:error=EIO").number == UINT32_MAX);
  CHECK(rule_of("mmap:error=ENOMEM").number == 0);
}

TEST_CASE("several calls make a rule each, with its own words") {
  const std::vector<PlannedRule> rules =
      rules_of("mmap,syscall.read,futex.wait:error=EINTR:when=2");
  REQUIRE(rules.size() == 3);
  CHECK(rules[0].expression == "mmap:error=EINTR:when=2");
  CHECK(rules[0].rule.call == HEDDLE_INJECT_MMAP);
  CHECK(rules[1].expression == "syscall.read:error=EINTR:when=2");
  CHECK(rules[1].rule.call == HEDDLE_INJECT_SYSTEM_CALL);
  CHECK(rules[2].rule.call == HEDDLE_INJECT_FUTEX_WAIT);
  CHECK(rules[2].rule.first == 2);
}

TEST_CASE("the keys of a rule may come in any order") {
  const heddle_inject_rule rule = rule_of("futex.wait:count=process:when=2:spurious");
  CHECK(rule.call == HEDDLE_INJECT_FUTEX_WAIT);
  CHECK(rule.action == HEDDLE_INJECT_SPURIOUS);
  CHECK(rule.first == 2);
}

}  // namespace
}  // namespace heddle::inject
