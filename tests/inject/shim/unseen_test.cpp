// What `run` says of calls that were not seen: one case for each row of docs/what_it_sees.md.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "support/catch.hpp"
#include "support/finished_process.hpp"
#include "support/test_folder.hpp"

namespace heddle::tests {
namespace {

using Catch::Matchers::ContainsSubstring;

constexpr const char* thread = "pthread_create:error=EAGAIN";

FinishedProcess run_raw(const std::string& rule, const std::vector<std::string>& program) {
  std::vector<std::string> command{HEDDLE_INJECT_PROGRAM, "run", "--raw", "-e", rule, "--"};
  command.insert(command.end(), program.begin(), program.end());
  return run(command);
}

TEST_CASE("a system call that libc makes itself is told from one that nobody makes") {
  const std::string rule = "syscall.openat:error=EMFILE:when=9999";
  const FinishedProcess process = run_with_plan({rule}, {"ls", "/"});
  CHECK_THAT(process.errors,
             ContainsSubstring("no such call was made by name; libc makes such calls itself: "
                               "try --raw\n"));
  CHECK_THAT(run_with_plan({"pthread_getattr_np:error=ENOMEM"}, {"true"}).errors,
             ContainsSubstring("no such call was made by name\n"));
}

TEST_CASE("a fork can be failed by its name") {
  const FinishedProcess process = run_with_plan(
      {"fork:error=EAGAIN"},
      {"perl", "-e", "print defined(fork) ? qq(made\\n) : $!{EAGAIN} ? qq(refused\\n) : 0"});
  CHECK(process.output == "refused\n");
  CHECK_THAT(process.errors, ContainsSubstring("fired 1 time of 1 call"));
}

TEST_CASE("a refused fork shifts the path of no later process") {
  const FinishedProcess process = run_with_plan(
      {"fork:error=EAGAIN:when=1", "fork:error=EAGAIN:when=1+:thread=#0.f2"},
      {"perl", "-e", "fork; if (fork == 0) { exit(defined(fork) ? 1 : 0) } wait; exit($? >> 8)"});
  INFO(process.errors);
  CHECK(process.status == 0);
}

TEST_CASE("where no fork was made by name the message says how processes are made otherwise") {
  CHECK_THAT(run_with_plan({"fork:error=EAGAIN"}, {"true"}).errors,
             ContainsSubstring("try vfork, posix_spawn, or --raw with clone or clone3"));
  CHECK_THAT(run_with_plan({"posix_spawn:error=EAGAIN"}, {"true"}).errors,
             ContainsSubstring("try --raw with clone3"));
}

TEST_CASE("a thread of a library's constructor can be refused") {
  const FinishedProcess process =
      run({HEDDLE_INJECT_PROGRAM, "run", "-e", "thrd_create:error=ENOMEM", "--", "true"},
          {{"LD_PRELOAD", CALLS_IN_CONSTRUCTOR}});
  CHECK_THAT(process.output, ContainsSubstring("thrd_create 12\n"));
  CHECK_THAT(process.errors, ContainsSubstring("fired 1 time of 1 call"));
}

TEST_CASE("calls before the shim was initialised are counted, and said") {
  const FinishedProcess process =
      run({HEDDLE_INJECT_PROGRAM, "run", "-e", "thrd_create:error=ENOMEM", "--", "true"},
          {{"LD_PRELOAD", CALLS_BEFORE_START_UP}});
  CHECK_THAT(process.output, ContainsSubstring("thrd_create 0\n"));
  CHECK_THAT(process.errors, ContainsSubstring(" calls came before the shim was initialised"));
}

TEST_CASE("a child in another environment is named") {
  const FinishedProcess process = run_with_plan({thread}, {"env", "-i", "/bin/true"});
  CHECK_THAT(process.errors,
             ContainsSubstring(
                 "; /bin/true ran without the shim, in another environment: keep LD_PRELOAD"));
}

TEST_CASE("a child that is statically linked is named") {
  const FinishedProcess process = run_with_plan({thread}, {"env", STATICALLY_LINKED});
  CHECK_THAT(process.errors,
             ContainsSubstring(std::string("; the program executed ") + STATICALLY_LINKED +
                               ", which is statically linked and was not followed"));
}

TEST_CASE("a program that does not come to be executed is not named") {
  const FinishedProcess process = run_with_plan({thread}, {"env", "-i", "/nonexistent/program"});
  CHECK_THAT(process.errors, !ContainsSubstring("ran without the shim"));
}

TEST_CASE("a thread that was made through libc's handle is noticed, and refused with --raw") {
  const FinishedProcess process = run_with_plan({thread}, {HIDES_THREADS, "handle"});
  CHECK(process.output == "0\n");
  CHECK_THAT(process.errors, ContainsSubstring("; a thread runs that was not created by the name "
                                               "pthread_create: try --raw with clone3"));
  CHECK(run_raw("clone3:error=EAGAIN", {HIDES_THREADS, "handle"}).output == "11\n");
}

TEST_CASE("a child that gains privileges is named") {
  if (geteuid() != 0) {
    WARN("skipped: only root can give a file to another user");
    return;
  }
  const TestFolder folder;
  const std::string program = folder.file("true");
  std::filesystem::copy_file("/bin/true", program);
  const uid_t another = 65534;
  REQUIRE(chown(program.c_str(), another, another) == 0);
  REQUIRE(chmod(program.c_str(), 04755) == 0);
  const FinishedProcess process = run_with_plan({thread}, {"env", program});
  CHECK_THAT(process.errors,
             ContainsSubstring("; the program executed " + program + ", which gains"));
}

TEST_CASE("a thread of a library that binds to a libc of its own choice is refused with --raw") {
  const std::string way = GENERATE("deepbind", "namespace");
  const std::vector<std::string> program{HIDES_THREADS, way, THREAD_OF_LIBRARY};
  const FinishedProcess process = run_with_plan({thread}, program);
  CHECK(process.output == "0\n");
  CHECK_THAT(process.errors,
             ContainsSubstring("no such call was made by name; for threads that are made in "
                               "another way try --raw with clone3"));
  CHECK(run_raw("clone3:error=EAGAIN", program).output == "11\n");
}

}  // namespace
}  // namespace heddle::tests
