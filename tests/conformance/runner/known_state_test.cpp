// Whatever the suite inherits from whoever starts it, verdicts are those of a fresh login.
#include <sys/resource.h>

#include <csignal>

#include "hostile_run.hpp"
#include "support/catch.hpp"

using namespace heddle::tests;

namespace {

void judges_after(const std::function<void()>& prepare) {
  const ProgramRun run = run_program(hostile_command({"--clause", "SPAWN-001"}), prepare);
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 0);
  CHECK(run.standard_error.empty());
  CHECK(verdicts_of(run) == std::map<std::string, std::string>{{"SPAWN-001", "holds"}});
}

void lower(__rlimit_resource which, rlim_t soft) {
  rlimit limits{};
  ::getrlimit(which, &limits);
  limits.rlim_cur = soft;
  ::setrlimit(which, &limits);
}

}  // namespace

TEST_CASE("verdicts do not depend on an ignored SIGCHLD") {
  judges_after([] { ::signal(SIGCHLD, SIG_IGN); });
}

TEST_CASE("verdicts do not depend on inherited signal actions") {
  judges_after([] {
    for (int signal = 1; signal < NSIG; ++signal) {
      ::signal(signal, SIG_IGN);
    }
  });
}

TEST_CASE("verdicts do not depend on an inherited signal mask") {
  judges_after([] {
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
  });
}

TEST_CASE("verdicts do not depend on inherited soft limits") {
  judges_after([] {
    lower(RLIMIT_FSIZE, 4096);
    lower(RLIMIT_NOFILE, 8);
    lower(RLIMIT_STACK, 256 * 1024);
    lower(RLIMIT_CPU, 1);
  });
}

TEST_CASE("a report goes to its file when descriptors 0 to 2 were closed") {
  const ToldNumbers file;  // a name that is free, for the report
  const ProgramRun run = run_program(
      {HEDDLE_CONFORM, hostile_subject, "--clause", "SPAWN-001", "--format", "json:" + file.path()},
      [] {
        ::close(0);
        ::close(1);
        ::close(2);
      });
  std::ifstream report(file.path());
  const std::string text(std::istreambuf_iterator<char>(report), {});
  CAPTURE(text);
  CHECK(run.status == 0);
  CHECK(verdicts_of({0, text, ""}) == std::map<std::string, std::string>{{"SPAWN-001", "holds"}});
}
