// Rules become expressions that are read as the same rules: campaigns print what they did as a
// command that does it again.
#include <rapidcheck.h>
#include <plan/errno_names.hpp>
#include <plan/plan.hpp>

#include <cstdint>
#include <cstring>
#include <limits>
#include <sstream>

#include "support/catch.hpp"

namespace heddle::inject {
namespace {

constexpr std::uint64_t ever = std::numeric_limits<std::uint64_t>::max();

/// Small numbers, and any of 64 bits, from 1 on.
rc::Gen<std::uint64_t> positive() {
  const auto any = rc::gen::map(rc::gen::arbitrary<std::pair<std::uint64_t, std::uint8_t>>(),
                                [](const auto& pair) { return pair.first >> (pair.second % 64); });
  return rc::gen::suchThat(rc::gen::oneOf(any, rc::gen::inRange<std::uint64_t>(1, 9)),
                           [](std::uint64_t number) { return number != 0; });
}

/// Zero, which asks for nothing, as often as not.
rc::Gen<std::uint64_t> optional_number() {
  return rc::gen::oneOf(rc::gen::just(std::uint64_t{0}), positive());
}

void choose_call(heddle_inject_rule& rule) {
  rule.call = *rc::gen::inRange<std::uint32_t>(0, HEDDLE_INJECT_CALLS);
  if (rule.call == HEDDLE_INJECT_SYSTEM_CALL) {
    // Read, openat, one without a name, and any.
    rule.number = *rc::gen::element<std::uint32_t>(0, 257, 4000, UINT32_MAX);
  }
}

void choose_what(heddle_inject_rule& rule) {
  rule.delay_enter = *optional_number();
  rule.delay_exit = *optional_number();
  rule.signal = *rc::gen::inRange(0, 65);
  rule.action = *rc::gen::inRange<std::uint32_t>(HEDDLE_INJECT_ERROR, HEDDLE_INJECT_RETURN + 1);
  if (rule.call == HEDDLE_INJECT_FUTEX_WAIT && *rc::gen::arbitrary<bool>()) {
    rule.action = HEDDLE_INJECT_SPURIOUS;
  } else if (rule.signal != 0 && *rc::gen::arbitrary<bool>()) {
    rule.action = HEDDLE_INJECT_NOTHING;
  }
  if (rule.action == HEDDLE_INJECT_ERROR) {
    rule.error = *rc::gen::inRange(1, 4096);
  } else if (rule.action == HEDDLE_INJECT_RETURN) {
    rule.return_value = *rc::gen::arbitrary<std::int64_t>();
  }
}

void choose_when(heddle_inject_rule& rule) {
  rule.first = rule.last = *positive();
  if (*rc::gen::arbitrary<bool>()) {
    rule.step = *positive();
    rule.last =
        *rc::gen::oneOf(rc::gen::just(ever), rc::gen::map(positive(), [&](std::uint64_t number) {
                          return std::max(number, rule.first);
                        }));
  }
  rule.count = *rc::gen::inRange<std::uint32_t>(0, 2);
  rule.times = *optional_number();
  rule.chance = *optional_number();
  rule.seed = rule.chance == 0 ? 0 : *optional_number();
  rule.flags =
      *rc::gen::inRange<std::uint32_t>(0, (HEDDLE_INJECT_STICKY | HEDDLE_INJECT_POSSIBLE) + 1);
}

template <std::size_t size>
void choose_text(char (&field)[size]) {
  // All that a file's or thread's name may have, save what ends it or its folder; the separators
  // of the language often.
  const auto letter = rc::gen::suchThat(
      rc::gen::oneOf(rc::gen::arbitrary<char>(), rc::gen::element(':', '\\', '#', '=', ',', ' ')),
      [](char candidate) { return candidate != '\0' && candidate != '/'; });
  const auto text = *rc::gen::container<std::string>(letter);
  std::memcpy(field, text.data(), std::min(text.size(), size - 1));
}

void choose_where(heddle_inject_rule& rule) {
  rule.stack = *optional_number();
  rule.thread_path = *optional_number();
  choose_text(rule.thread_name);
  choose_text(rule.caller);
  choose_text(rule.exe);
  const auto count = *rc::gen::inRange(0, HEDDLE_INJECT_MAXIMUM_COMPARISONS + 1);
  for (int index = 0; index < count; ++index) {
    rule.comparisons[index] = {*rc::gen::inRange<std::uint16_t>(1, 7),
                               *rc::gen::inRange<std::uint16_t>(0, 8), 0,
                               *rc::gen::arbitrary<std::uint64_t>()};
  }
}

/// Each run of the test takes the same cases.
bool holds(const std::function<void()>& property, std::string& failure) {
  rc::detail::TestParams parameters;
  parameters.seed = 1;
  parameters.maxSuccess = 2000;
  const auto result = rc::detail::checkTestable(property, rc::detail::TestMetadata{}, parameters);
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  failure = text.str();
  return result.template is<rc::detail::SuccessResult>();
}

TEST_CASE("every rule that has words is read back from them as it was") {
  std::string failure;
  const bool is_so = holds(
      [] {
        heddle_inject_rule rule{};
        choose_call(rule);
        choose_what(rule);
        choose_when(rule);
        choose_where(rule);
        const std::string expression = format_rule(rule);
        RC_LOG() << expression << '\n';
        const auto rules = parse_rules(expression);
        if (!rules) {
          RC_FAIL(describe(rules.error(), expression));
        }
        RC_ASSERT(rules->size() == 1U);
        // All padding is a named member, so equal rules are equal bytes.
        RC_ASSERT(std::memcmp(&rules->front().rule, &rule, sizeof rule) == 0);
        RC_ASSERT(rules->front().expression == expression);
      },
      failure);
  INFO(failure);
  CHECK(is_so);
}

TEST_CASE("a rule's words are the ones that a person would choose") {
  const std::string expression =
      GENERATE(as<std::string>{}, "pthread_create:error=EAGAIN:when=3", "mmap:error=ENOMEM",
               "mmap:error=ENOMEM:when=2+", "mmap:error=ENOMEM:when=2..9+3:count=process:times=4",
               "mmap:error=524", "mmap:retval=-1", "futex.wait:spurious:p=0.01:seed=7",
               "mmap:signal=SIGUSR1", "mmap:error=ENOMEM:delay_enter=5ms:delay_exit=1500us",
               "syscall.read:error=EIO:sticky", "syscall.4000:error=EIO",
               "mmap:error=ENOMEM:thread=worker:thread=#00000000000000ff:stack=0123456789abcdef",
               "mmap:error=ENOMEM:caller=libfoo.so:exe=xz:arg2>=65536:arg4&0x20");
  const auto rules = parse_rules(expression);
  REQUIRE(rules.has_value());
  CHECK(format_rule(rules->front().rule) == expression);
}

TEST_CASE("a thread path is spelled out for whoever gives it, and only if it is the rule's") {
  const auto rules = parse_rules("mmap:error=ENOMEM:thread=#0.2");
  REQUIRE(rules.has_value());
  CHECK(format_rule(rules->front().rule, "0.2") == "mmap:error=ENOMEM:thread=#0.2");
  CHECK_THAT(format_rule(rules->front().rule, "0.1"), !Catch::Matchers::ContainsSubstring("#0.1"));
}

}  // namespace
}  // namespace heddle::inject
