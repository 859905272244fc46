// Programs that nothing can be preloaded into are refused: no rule could ever fire in them.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "support/catch.hpp"
#include "support/finished_process.hpp"
#include "support/test_folder.hpp"

namespace heddle::tests {
namespace {

void check_refused(const std::string& program, const std::string& reason) {
  const FinishedProcess process = run_with_plan({"mmap:error=ENOMEM:when=9999"}, {program});
  INFO(process.errors);
  CHECK(process.status == 2);
  CHECK(process.output.empty());
  CHECK(process.errors.find("heddle-inject: " + program) == 0);
  CHECK(process.errors.find(reason) != std::string::npos);
  CHECK(std::count(process.errors.begin(), process.errors.end(), '\n') == 1);
}

/// Makes a set-uid program that belongs to nobody.
void copy_as_nobody(const std::string& program, const std::string& copy) {
  constexpr uid_t nobody = 65534;
  std::filesystem::copy(program, copy);
  REQUIRE(chown(copy.c_str(), nobody, getgid()) == 0);
  REQUIRE(chmod(copy.c_str(), S_ISUID | 0755) == 0);
}

TEST_CASE("a set-uid program of another user is refused with status 2") {
  constexpr const char* reason = "gains privileges when it starts";
  if (geteuid() == 0) {
    const TestFolder folder;
    const std::string program = folder.file("program");
    copy_as_nobody(SANITIZED_NOT, program);
    check_refused(program, reason);
  } else {
    check_refused("/bin/su", reason);  // root's, and every Debian has it
  }
}

#ifdef STATIC_MUSL
TEST_CASE("a program with musl is refused with status 2, linked statically or not") {
  check_refused(STATIC_MUSL, "statically linked");
  check_refused(DYNAMIC_MUSL, "ld-musl-x86_64.so.1, not by glibc's dynamic linker");
}
#endif

}  // namespace
}  // namespace heddle::tests
