// Under Valgrind and a debugger.
#include <algorithm>

#include "support/catch.hpp"
#include "support/test_folder.hpp"
#include "unchanged.hpp"

namespace heddle::tests {
namespace {

std::vector<std::string> under_memcheck(const std::vector<std::string>& command) {
  std::vector<std::string> whole{"valgrind", "--quiet", "--leak-check=full", "--error-exitcode=99"};
  whole.insert(whole.end(), command.begin(), command.end());
  return whole;
}

constexpr const char* second_thread = "pthread_create:error=EAGAIN:when=2";

TEST_CASE("memcheck reports no error in the shim, passive or armed") {
  const FinishedProcess plain =
      check_unchanged(under_memcheck({COEXISTENCE_SCENARIOS, "call_in_handlers"}));
  CHECK(plain.errors.empty());
  CHECK(plain.status == 5);
}

TEST_CASE("rules fire under memcheck, and it reports no error") {
  const FinishedProcess process =
      run_with_plan({second_thread}, under_memcheck({SANITIZED_NOT, "clean"}));
  CHECK(process.output.starts_with("pthread_create: 0\npthread_create: 11\n1 threads ran\n"));
  CHECK(process.status == 3);
  CHECK(process.errors ==
        std::string("heddle-inject: ") + second_thread + " fired 1 time of 2 calls\n");
}

TEST_CASE("memcheck finds a program's leak under the shim, and no other") {
  const std::vector<std::string> command = under_memcheck({SANITIZED_NOT, "defect"});
  const std::string summary = "77 bytes in 1 blocks are definitely lost in loss record 1 of 1";
  Comparison comparison;
  comparison.of_errors = [](const std::string& errors) {
    return std::to_string(std::count(errors.begin(), errors.end(), '\n'));
  };
  const FinishedProcess plain = check_unchanged(command, comparison);
  CHECK(plain.status == 99);
  CHECK_FALSE(lines_with(plain.errors, summary).empty());
  CHECK_FALSE(lines_with(run_with_plan({second_thread}, command).errors, summary).empty());
}

TEST_CASE(
    "memcheck reports no error while the shim records calls, serves runs and looks at the end") {
  const TestFolder folder;
  std::vector<std::string> command{HEDDLE_INJECT_PROGRAM,
                                   "explore",
                                   "--exe",
                                   "inject_sanitized_not",
                                   "--calls",
                                   "pthread_create",
                                   "--errors",
                                   "likely",
                                   "--log",
                                   folder.file("memcheck.jsonl"),
                                   "--"};
  const std::vector<std::string> memcheck = under_memcheck({SANITIZED_NOT, "clean"});
  command.insert(command.end(), memcheck.begin(), memcheck.end());
  const FinishedProcess process = run(command);
  INFO(process.output << process.errors);
  // An error in the shim would change the status of the fault-free runs, and end the campaign.
  CHECK(process.status == 0);
  CHECK(process.errors.empty());
  CHECK(process.output.find("not judged") == std::string::npos);
}

TEST_CASE("heddle-inject run --raw is refused under Valgrind with status 2 and the reason") {
  std::vector<std::string> command{HEDDLE_INJECT_PROGRAM, "run", "--raw", "-e",
                                   second_thread,         "--"};
  const std::vector<std::string> memcheck = under_memcheck({SANITIZED_NOT, "clean"});
  command.insert(command.end(), memcheck.begin(), memcheck.end());
  const FinishedProcess process = run(command);
  CHECK(process.status == 2);
  CHECK(process.output.empty());
  CHECK_FALSE(lines_with(process.errors, "the raw layer is not possible here: Valgrind").empty());
  CHECK(without_report(process.errors).empty());
}

/// heddle-inject run with gdb and its commands. gdb does not tell of threads: it writes that in
/// pieces, between which the program may write a line.
FinishedProcess debug(const std::vector<std::string>& options,
                      const std::vector<std::string>& gdb_commands) {
  std::vector<std::string> command{HEDDLE_INJECT_PROGRAM, "run"};
  command.insert(command.end(), options.begin(), options.end());
  command.insert(command.end(),
                 {"--", "gdb", "--nx", "--batch", "-ex", "set print thread-events off"});
  for (const std::string& gdb_command : gdb_commands) {
    command.insert(command.end(), {"-ex", gdb_command});
  }
  command.insert(command.end(), {"--args", SANITIZED_NOT, "clean"});
  return run(command);
}

const std::vector<std::string> rule{"-e", std::string(second_thread) + ":exe=inject_sanitized_not"};

TEST_CASE("rules fire in a program that gdb runs, and its output is its own") {
  const FinishedProcess process = debug(rule, {"run"});
  INFO(process.output << process.errors);
  CHECK(lines_with(process.output, "pthread_create: ") ==
        "pthread_create: 0\npthread_create: 11\n");
  CHECK(process.output.find("exited with code 03]") != std::string::npos);
}

TEST_CASE("gdb stops in a thread that the shim has started, and shows its stack") {
  const FinishedProcess process = debug(rule, {"break count", "run", "backtrace", "continue"});
  INFO(process.output << process.errors);
  CHECK_FALSE(lines_with(process.output, " in start_thread ").empty());
  CHECK(process.output.find("exited with code 03]") != std::string::npos);
}

TEST_CASE("a program with the raw layer runs in gdb, once gdb leaves SIGSYS to it") {
  std::vector<std::string> options = rule;
  options.emplace_back("--raw");
  const FinishedProcess process = debug(options, {"handle SIGSYS nostop noprint pass", "run"});
  INFO(process.output << process.errors);
  CHECK(lines_with(process.output, "pthread_create: ") ==
        "pthread_create: 0\npthread_create: 11\n");
  CHECK(process.output.find("exited with code 03]") != std::string::npos);
}

}  // namespace
}  // namespace heddle::tests
