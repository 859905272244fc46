// Programs that were built with a sanitizer, each of which wraps some of the same calls.

#include "support/catch.hpp"
#include "support/test_folder.hpp"
#include "unchanged.hpp"

namespace heddle::tests {
namespace {

struct Sanitized {
  std::string program;
  std::string finding;  // what each line that tells of the defect contains
};

const std::vector<Sanitized>& sanitized_programs() {
  static const std::vector<Sanitized> programs{
      {SANITIZED_ADDRESS, "SUMMARY: AddressSanitizer: heap-use-after-free"},
      {SANITIZED_UNDEFINED, "runtime error: signed integer overflow"},
      {SANITIZED_THREAD, "SUMMARY: ThreadSanitizer: data race"},
      {SANITIZED_LEAK, "SUMMARY: LeakSanitizer: 77 byte(s) leaked in 1 allocation(s)"},
      {SANITIZED_ADDRESS_LEAK, "SUMMARY: AddressSanitizer: 77 byte(s) leaked in 1 allocation(s)"},
#ifdef SANITIZED_CLANG_THREAD
      {SANITIZED_CLANG_THREAD, "SUMMARY: ThreadSanitizer: data race"},
      {SANITIZED_CLANG_ADDRESS, "SUMMARY: AddressSanitizer: heap-use-after-free"},
#endif
  };
  return programs;
}

TEST_CASE("a program built with a sanitizer runs as without the shim, and nothing is reported") {
  for (const Sanitized& sanitized : sanitized_programs()) {
    INFO(sanitized.program);
    const FinishedProcess plain = check_unchanged({sanitized.program, "clean"});
    CHECK(plain.errors.empty());
    CHECK(plain.status == 3);
    const FinishedProcess process =
        run_with_plan({"pthread_create,mmap:error=EAGAIN:when=9999"}, {sanitized.program, "clean"});
    CHECK(process.status == plain.status);
    CHECK(process.output == plain.output);
    CHECK(without_report(process.errors) == plain.errors);
  }
}

// The first lines of a report have the process id, and all the rest has addresses.
TEST_CASE("a sanitizer finds under the shim what it finds without it, and no more") {
  for (const Sanitized& sanitized : sanitized_programs()) {
    INFO(sanitized.program);
    Comparison comparison;
    comparison.of_errors = [](const std::string& errors) {
      return lines_with(errors, "SUMMARY: ") + lines_with(errors, "runtime error: ");
    };
    const FinishedProcess plain = check_unchanged({sanitized.program, "defect"}, comparison);
    CHECK_FALSE(lines_with(plain.errors, sanitized.finding).empty());
  }
}

/// heddle-inject run with an option before the rules.
FinishedProcess run_with_option(const std::string& option, const std::string& program) {
  return run({HEDDLE_INJECT_PROGRAM, "run", option, "-e", "pthread_create:error=EAGAIN:when=1",
              "-e", "munmap:error=EINVAL:arg2=65536", "--", program, "clean"});
}

TEST_CASE("rules fire on the program's own calls, whichever sanitizer it was built with") {
  const std::string option = GENERATE("--must-fire", "--raw");
  const FinishedProcess plain = run_with_option(option, SANITIZED_NOT);
  CHECK(plain.output ==
        "pthread_create: 11\npthread_create: 0\n1 threads ran\nmmap: 0\nsigaltstack: 0\n"
        "sigaltstack: 0\nmunmap: -1\n");
  for (const Sanitized& sanitized : sanitized_programs()) {
    INFO(option << ' ' << sanitized.program);
    const FinishedProcess process = run_with_option(option, sanitized.program);
    CHECK(process.output == plain.output);
    CHECK(process.status == plain.status);
    CHECK(lines_with(process.errors, "pthread_create:") ==
          lines_with(plain.errors, "pthread_create:"));
  }
}

TEST_CASE("a campaign finds the same in a program, whichever sanitizer it was built with") {
  const TestFolder folder;
  // clang's ThreadSanitizer hands attributes to each pthread_create, with which more can go wrong.
  const auto findings = [&](const std::string& program) {
    static int number = 0;
    const std::string log = folder.file(std::to_string(++number));
    const FinishedProcess process =
        run({HEDDLE_INJECT_PROGRAM, "explore", "--log", log, "--errors", "likely", "--calls",
             "pthread_create", "--", program, "clean"});
    return lines_with(process.output, " faults, ");
  };
  const std::string plain = findings(SANITIZED_NOT);
  CHECK(plain.starts_with("1 site, "));
  for (const Sanitized& sanitized : sanitized_programs()) {
    INFO(sanitized.program);
    CHECK(findings(sanitized.program) == plain);
  }
}

TEST_CASE("a call that a sanitizer wraps as well is seen as its caller's") {
  for (const char* program : {SANITIZED_ADDRESS, SANITIZED_THREAD, SANITIZED_LEAK}) {
    const std::string file = std::string(program).substr(std::string(program).rfind('/') + 1);
    INFO(file);
    const FinishedProcess process =
        run_with_plan({"sigaltstack:error=EPERM:caller=" + file}, {program, "clean"});
    CHECK(lines_with(process.output, "sigaltstack: ") == "sigaltstack: -1\nsigaltstack: -1\n");
  }
}

// A runtime that came into them by LD_PRELOAD would look for leaks there, and find this one.
TEST_CASE("what a program with AddressSanitizer executes is not sanitized") {
  for (const char* program : {SANITIZED_ADDRESS, SANITIZED_LEAK}) {
    const std::vector<std::string> command{program, "start",
                                           std::string(SANITIZED_NOT) + " defect"};
    CHECK(run(command).output == "status 3\n");
    CHECK(run_with_plan({"mmap:error=ENOMEM:when=9999"}, command).output == "status 3\n");
  }
}

TEST_CASE("a program with AddressSanitizer may be started by a script") {
  const FinishedProcess process =
      run_with_plan({"pthread_create:error=EAGAIN:when=2"},
                    {"sh", "-c", std::string(SANITIZED_ADDRESS) + " clean; exit $?"});
  CHECK(process.output.find("pthread_create: 0\npthread_create: 11\n") != std::string::npos);
  CHECK(process.status == 3);
}

TEST_CASE("options that AddressSanitizer has been given stay in force") {
  const std::vector<std::string> command{
      HEDDLE_INJECT_PROGRAM, "run",   "-e", "mmap:error=ENOMEM:when=9999", "--",
      SANITIZED_ADDRESS,     "defect"};
  CHECK(run(command, {{"ASAN_OPTIONS", "exitcode=42"}}).status == 42);
}

}  // namespace
}  // namespace heddle::tests
