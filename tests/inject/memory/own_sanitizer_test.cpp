#include "memory/own_sanitizer.hpp"

#include "support/catch.hpp"
#include "support/finished_process.hpp"
#include "support/test_folder.hpp"

namespace heddle::tests {
namespace {

TEST_CASE("a program has a sanitizer if its loader has to do with one") {
  CHECK(inject::own_sanitizer(SANITIZED_ADDRESS) == "AddressSanitizer");
  CHECK(inject::own_sanitizer(SANITIZED_LEAK) == "LeakSanitizer");
  CHECK(inject::own_sanitizer(SANITIZED_THREAD) == "ThreadSanitizer");
}

TEST_CASE("a program that only speaks of sanitizers has none, nor has a file that is no program") {
  CHECK(inject::own_sanitizer(HEDDLE_INJECT_PROGRAM).empty());
  CHECK(inject::own_sanitizer(INJECT_DOCS "/memory.md").empty());
  CHECK(inject::own_sanitizer("/nowhere").empty());
}

TEST_CASE("run and explore say that a program's own sanitizer takes the checker's place") {
  const std::string check = GENERATE("leaks", "memcheck");
  const FinishedProcess once =
      run({HEDDLE_INJECT_PROGRAM, "run", "--check", check, "-e", "pthread_create:error=EAGAIN",
           "--", SANITIZED_THREAD, "clean"});
  CHECK_THAT(once.errors, Catch::Matchers::ContainsSubstring("--check " + check +
                                                             " left out: the program has "
                                                             "ThreadSanitizer"));
  const TestFolder folder;
  const FinishedProcess campaign = run(
      {HEDDLE_INJECT_PROGRAM, "explore", "--check", check, "--errors", "likely", "--calls",
       "pthread_create", "--log", folder.file("log").string(), "--", SANITIZED_THREAD, "clean"});
  CHECK_THAT(campaign.output,
             Catch::Matchers::ContainsSubstring("leaks not checked: the program has "
                                                "ThreadSanitizer, which takes its place"));
}

}  // namespace
}  // namespace heddle::tests
