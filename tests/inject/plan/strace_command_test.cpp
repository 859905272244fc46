// The nearest strace command: what it says, what it admits not to say, and that strace takes it.
#include <plan/errno_names.hpp>
#include <plan/signal_names.hpp>
#include <plan/strace_command.hpp>

#include <algorithm>

#include "support/catch.hpp"
#include "support/finished_process.hpp"

namespace heddle::tests {
namespace {

using inject::PlannedRule;
using inject::StraceCommand;

StraceCommand strace_of(const std::vector<std::string>& expressions) {
  std::vector<PlannedRule> plan;
  for (const std::string& expression : expressions) {
    const auto rules = inject::parse_rules(expression);
    INFO(expression);
    REQUIRE(rules.has_value());
    plan.insert(plan.end(), rules->begin(), rules->end());
  }
  return inject::nearest_strace_command(plan);
}

bool mentions(const StraceCommand& command, const std::string& part) {
  return std::ranges::any_of(command.differences, [&](const std::string& difference) {
    return difference.find(part) != std::string::npos;
  });
}

TEST_CASE("what strace can say is said in its words") {
  const auto [expression, traced, injection] =
      GENERATE(table<std::string, std::string, std::string>({
          {"mmap:error=ENOMEM:when=3", "mmap", "mmap:error=ENOMEM:when=3"},
          {"mmap:error=ENOMEM:when=3+", "mmap", "mmap:error=ENOMEM:when=3+1"},
          {"mmap:error=ENOMEM:when=3..9+2", "mmap", "mmap:error=ENOMEM:when=3..9+2"},
          {"mmap:retval=-1:delay_exit=5ms", "mmap",
           "mmap:retval=18446744073709551615:delay_exit=5000000ns"},
          {"sigaction:error=EINVAL", "rt_sigaction", "rt_sigaction:error=EINVAL"},
          {"futex.wait:spurious", "futex", "futex:retval=0"},
          {"syscall.read:signal=USR1", "read", "read:signal=SIGUSR1"},
          {"pthread_create:error=EAGAIN", "clone3,clone", "clone3,clone:error=EAGAIN"},
      }));
  CHECK(strace_of({expression}).arguments == std::vector<std::string>{"strace", "-f", "-e",
                                                                      "trace=" + traced, "-e",
                                                                      "inject=" + injection});
}

TEST_CASE("what strace cannot say is named") {
  const auto [expression, part] = GENERATE(table<std::string, std::string>({
      {"mmap:error=ENOMEM:count=process", "count=process"},
      {"mmap:error=ENOMEM:times=2", "times"},
      {"mmap:error=ENOMEM:p=0.5:seed=1", "no p"},
      {"mmap:error=ENOMEM:sticky", "sticky"},
      {"mmap:error=EACCES:possible", "possible"},
      {"mmap:error=ENOMEM:thread=#0", "thread"},
      {"mmap:error=ENOMEM:stack=0123456789abcdef", "stack"},
      {"mmap:error=ENOMEM:caller=libc.so.6", "caller"},
      {"mmap:error=ENOMEM:exe=xz", "exe"},
      {"mmap:error=ENOMEM:arg1=0", "arguments"},
      {"mmap:error=ENOMEM:when=1..70000", "65534"},
      {"futex.wake:error=EINVAL", "operations"},
      {"pthread_create:error=EAGAIN", "no system call"},
      {"mmap:error=ENOMEM", "dynamic linker"},
  }));
  const StraceCommand command = strace_of({expression});
  CHECK_FALSE(command.arguments.empty());
  CHECK(mentions(command, part));
}

TEST_CASE("rules that strace cannot follow are left out") {
  CHECK(strace_of({"pthread_attr_init:error=ENOMEM"}).arguments.empty());
  CHECK(strace_of({"syscall.4000:error=EIO"}).arguments.empty());
  CHECK(strace_of({"syscall:error=EIO"}).arguments.empty());
  CHECK(strace_of({"mmap:error=ENOMEM:when=65535"}).arguments.empty());
  const StraceCommand command = strace_of({"mmap:error=ENOMEM:when=2", "mmap:error=EAGAIN:when=4"});
  CHECK(command.arguments.size() == 6);
  CHECK(mentions(command, "one rule for a system call"));
}

/// One rule for each signal and each errno that has a name, and some more.
std::vector<std::string> expressions_for_strace() {
  std::vector<std::string> expressions{"mmap:error=ENOMEM:when=3",
                                       "mmap,munmap:error=ENOMEM:when=3+",
                                       "mmap:error=4095",
                                       "mmap:error=EIO:when=2..99999+70000",
                                       "mmap:retval=0x10:delay_enter=1.5s:delay_exit=3",
                                       "mmap:signal=64",
                                       "futex.wait:spurious:when=5..7",
                                       "pthread_create:error=EAGAIN:when=65534",
                                       "syscall.read:error=EINTR:when=65534+65534"};
  for (const std::string& name : inject::errno_names()) {
    expressions.push_back("mmap:error=" + name);
  }
  for (const std::string& name : inject::signal_names()) {
    expressions.push_back("mmap:signal=" + name);
  }
  return expressions;
}

// With -V strace reads its options and runs nothing, so it needs no right to trace.
TEST_CASE("strace reads the command") {
  if (run({"strace", "-V"}).status != 0) {
    WARN("strace is not installed: its parser was not asked");
    return;
  }
  std::vector<std::string> wrong{"strace", "-e", "inject=mmap:error=ENOSUCH", "-V"};
  REQUIRE(run(wrong).status != 0);
  for (const std::string& expression : expressions_for_strace()) {
    std::vector<std::string> command = strace_of({expression}).arguments;
    REQUIRE_FALSE(command.empty());
    command.emplace_back("-V");
    const FinishedProcess process = run(command);
    INFO(expression << ": " << process.errors);
    CHECK(process.status == 0);
  }
}

}  // namespace
}  // namespace heddle::tests
