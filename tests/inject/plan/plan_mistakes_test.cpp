// Wrong plans: where the mistake stands, and what would be right.
#include <plan/plan.hpp>

#include "support/catch.hpp"

namespace heddle::inject {
namespace {

PlanError error_of(const std::string& expression) {
  const auto rules = parse_rules(expression);
  INFO(expression);
  REQUIRE_FALSE(rules.has_value());
  return rules.error();
}

TEST_CASE("a wrong plan is refused at the column of its mistake") {
  const auto [expression, column] = GENERATE(table<std::string, std::size_t>({
      // Calls.
      {"", 0},
      {"execve:error=EAGAIN", 0},
      {"futex:error=EINTR", 0},
      {"mmap", 4},
      {"mmap=3", 4},
      {"mmap:", 5},
      {"mmap,:error=ENOMEM", 5},
      {"mmap,execve:error=ENOMEM", 5},
      {"mmap,futex:error=ENOMEM", 5},
      {"syscall.:error=EIO", 0},
      {"syscall.nothing_like_it:error=EIO", 0},
      {"syscall.4294967295:error=EIO", 0},
      {"syscall.mmap:error=EIO", 0},
      {"syscall.9:error=EIO", 0},
      {"syscall.futex:error=EIO", 0},
      // Keys.
      {"mmap:when=2", 11},
      {"mmap:eror=ENOMEM", 5},
      {"mmap:error=ENOMEM:", 18},
      {"mmap:gate", 5},
      {"mmap:gate=1", 5},
      {"mmap:syscall=read", 5},
      {"mmap:poke_enter=@arg1=00", 5},
      // What the call does.
      {"mmap:error", 10},
      {"mmap:error=", 11},
      {"mmap:error=ENOSUCH", 11},
      {"mmap:error=0", 11},
      {"mmap:error=4096", 11},
      {"mmap:error=-12", 11},
      {"mmap:error=ENOMEM ", 11},
      {"mmap:error=ENOMEM:error=EAGAIN", 18},
      {"mmap:error=ENOMEM:retval=0", 18},
      {"mmap:retval=", 12},
      {"mmap:retval=x", 12},
      {"mmap:retval=0x", 12},
      {"mmap:retval=1 ", 12},
      {"mmap:retval=18446744073709551616", 12},
      {"mmap:retval=-9223372036854775809", 12},
      {"mmap:spurious", 5},
      {"futex.wait,mmap:spurious", 16},
      {"futex.wait:spurious:error=EINTR", 20},
      {"futex.wait:spurious=1", 19},
      {"mmap:signal=", 12},
      {"mmap:signal=SIGNONE", 12},
      {"mmap:signal=0", 12},
      {"mmap:signal=65", 12},
      {"mmap:signal=USR1:signal=USR2", 17},
      {"mmap:delay_enter=", 17},
      {"mmap:delay_enter=0", 17},
      {"mmap:delay_enter=5m", 17},
      {"mmap:delay_enter=-5", 17},
      {"mmap:delay_exit=18446744073709551615s", 16},
      // When.
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
      {"mmap:error=ENOMEM:times=0", 24},
      {"mmap:error=ENOMEM:p=", 20},
      {"mmap:error=ENOMEM:p=0", 20},
      {"mmap:error=ENOMEM:p=0.", 20},
      {"mmap:error=ENOMEM:p=.5", 20},
      {"mmap:error=ENOMEM:p=1.01", 20},
      {"mmap:error=ENOMEM:p=5%", 20},
      {"mmap:error=ENOMEM:p=0.00000000000000000001", 20},
      {"mmap:error=ENOMEM:p=0.1:seed=0", 29},
      {"mmap:error=ENOMEM:seed=7", 18},
      {"mmap:error=ENOMEM:sticky=1", 24},
      // Where.
      {"mmap:error=ENOMEM:thread=", 25},
      {"mmap:error=ENOMEM:thread=sixteen-letters!", 25},
      {"mmap:error=ENOMEM:thread=#", 25},
      {"mmap:error=ENOMEM:thread=#1", 25},
      {"mmap:error=ENOMEM:thread=#0.", 25},
      {"mmap:error=ENOMEM:thread=#0.0", 25},
      {"mmap:error=ENOMEM:thread=#0.x1", 25},
      {"mmap:error=ENOMEM:thread=a:thread=b", 27},
      {"mmap:error=ENOMEM:thread=#0:thread=#0.1", 28},
      {"mmap:error=ENOMEM:stack=123", 24},
      {"mmap:error=ENOMEM:stack=0123456789abcdeg", 24},
      {"mmap:error=ENOMEM:stack=0000000000000000", 24},
      {"mmap:error=ENOMEM:caller=", 25},
      {"mmap:error=ENOMEM:caller=/lib/libfoo.so", 25},
      {"mmap:error=ENOMEM:exe=" + std::string(64, 'x'), 22},
      {"mmap:error=ENOMEM:op=wait", 18},
      {"futex:error=EINTR:op=waits", 21},
      {"futex.wait:error=EINTR:op=wake", 23},
      {"mmap:error=ENOMEM:arg0=1", 18},
      {"mmap:error=ENOMEM:arg7=1", 18},
      {"mmap:error=ENOMEM:arg=1", 18},
      {"mmap:error=ENOMEM:arg2", 22},
      {"mmap:error=ENOMEM:arg2=", 23},
      {"mmap:error=ENOMEM:arg2==1", 23},
      {"mmap:error=ENOMEM:arg2>=1k", 24},
      {"mmap:error=ENOMEM:arg1=1:arg1=1:arg1=1:arg1=1:arg1=1", 46},
  }));
  INFO(expression);
  const PlanError error = error_of(expression);
  CHECK(error.column == column);
  CHECK_FALSE(error.message.empty());
}

TEST_CASE("a mistake is told with what would be right") {
  const auto [expression, hint] = GENERATE(table<std::string, std::string>({
      {"sigaltsack:error=ENOMEM", "sigaltstack?"},
      {"pthread_craete:error=EAGAIN", "pthread_create?"},
      {"mmap64:error=ENOMEM", "mmap?"},
      {"read:error=EIO", "say syscall.read"},
      {"rt_sigaction:error=EINVAL", "say sigaction"},
      {"syscall.opnat:error=EIO", "openat?"},
      {"syscall.mmap:error=EIO", "say mmap"},
      {"syscall.futex:error=EIO", "say futex.wait, futex.wake"},
      {"futex:error=EINTR", "futex.wait"},
      {"mmap:eror=ENOMEM", "error?"},
      {"mmap:delay_entr=5", "delay_enter?"},
      {"mmap:error=ENOMM", "ENOMEM?"},
      {"pthread_create:EAGAIN", "did you mean error=EAGAIN?"},
      {"mmap:when=2:SIGUSR1", "did you mean signal=SIGUSR1?"},
      {"mmap:signal=SIGUSR3", "SIGUSR1?"},
      {"mmap", ":error=ENOMEM"},
      {"futex.wait", ":spurious"},
      {"syscall.read", ":error=EIO"},
      {"mmap:gate", "release"},
      {"mmap:error=ENOMEM:seed=7", ":p="},
  }));
  INFO(expression);
  CHECK_THAT(error_of(expression).message, Catch::Matchers::ContainsSubstring(hint));
}

TEST_CASE("no name is proposed for a word that resembles none") {
  CHECK_THAT(error_of("frobnicate:error=EIO").message,
             !Catch::Matchers::ContainsSubstring("did you mean"));
  CHECK_THAT(error_of(std::string(100000, 'm') + ":error=EIO").message,
             !Catch::Matchers::ContainsSubstring("did you mean"));
}

TEST_CASE("the description of a mistake has a caret below it") {
  CHECK(describe({5, "no"}, "mmap:x") == "no\n  mmap:x\n       ^");
}

}  // namespace
}  // namespace heddle::inject
