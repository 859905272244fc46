// What a user reads whose subject cannot be judged: one line that names the cause, and exit code 3.
#include <algorithm>
#include <string>

#include "support/catch.hpp"
#include "support/program_run.hpp"

using Catch::Matchers::ContainsSubstring;
using heddle::tests::ProgramRun;
using heddle::tests::run_program;

namespace {

const std::string subjects = HEDDLE_TEST_SUBJECTS;

ProgramRun conform(const std::string& subject) {
  // The factor shortens the wait for those that hang: their deadline is the case's.
  return run_program({HEDDLE_CONFORM, subject, "--timeout-factor", "0.1"});
}

void refuses(const std::string& subject, const std::string& cause) {
  const ProgramRun run = conform(subject);
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 3);
  CHECK_THAT(run.standard_error, ContainsSubstring(subject));
  CHECK_THAT(run.standard_error, ContainsSubstring(cause));
  // One line: its text may be wrapped by nobody.
  CHECK(std::count(run.standard_error.begin(), run.standard_error.end(), '\n') == 1);
}

void refuses_plugin(const std::string& name, const std::string& cause) {
  refuses(subjects + "/lib" + name + ".so", cause);
}

}  // namespace

TEST_CASE("a subject that is missing is named") {
  refuses("/nowhere/libmine.so", "No such file or directory");
}

TEST_CASE("a subject that is a folder is named") {
  refuses("/usr", "not a file");
}

TEST_CASE("a subject that is not a shared object is refused by the loader's words") {
  refuses(HEDDLE_TEST_TEXT_FILE, "invalid ELF header");
}

TEST_CASE("a shared object without the symbol is refused") {
  refuses_plugin("no_symbol", "does not export heddle_subject");
}

TEST_CASE("another version of the ABI is refused with both numbers") {
  refuses_plugin("another_version", "speaks version 2 of the ABI, and this suite version 1");
}

TEST_CASE("a table that is too small is refused with both sizes") {
  refuses_plugin("small_table", "built with another subject.h");
}

TEST_CASE("outcomes of another size are refused") {
  refuses_plugin("small_outcome", "built with another subject.h");
}

TEST_CASE("a null table is refused") {
  refuses_plugin("null_table", "returned null");
}

TEST_CASE("a profile that no clause knows is refused") {
  refuses_plugin("unknown_profile", "no clause knows its profile 'rust-1.0': it must be");
}

TEST_CASE("a deviation from a clause that does not exist is refused") {
  refuses_plugin("unknown_deviation", "a deviation from SPAWN-29, and there is no such clause");
}

TEST_CASE("a deviation without a reason is refused") {
  refuses_plugin("deviation_without_reason", "deviation 0 has a null clause or reason");
}

TEST_CASE("more slots than the suite can follow are refused") {
  refuses_plugin("too_many_slots", "declares more than 8 slots of one storage");
  refuses_plugin("too_many_static_keys", "declares more than 8 static keys");
}

TEST_CASE("a plug-in for another libc is named as that") {
  refuses_plugin("for_musl", "built for another libc, and needs libc.musl-x86_64.so.1");
}

TEST_CASE("a crash in a constructor is placed") {
  refuses_plugin("crashes_in_constructor", "crashed while it was loaded");
}

TEST_CASE("a hang in a constructor is placed") {
  refuses_plugin("hangs_in_constructor", "hung while it was loaded");
}

TEST_CASE("an exit in a constructor is placed") {
  refuses_plugin("exits_in_constructor", "ended with status 7 while it was loaded");
}

TEST_CASE("a crash in the table function is placed") {
  refuses_plugin("crashes_in_entry", "crashed in its function heddle_subject");
}

TEST_CASE("a hang in the table function is placed") {
  refuses_plugin("hangs_in_entry", "hung in its function heddle_subject");
}

TEST_CASE("a program that does not host the suite is told apart from a plug-in") {
  refuses("/bin/true", "before it called heddle_conform_main");
}

TEST_CASE("a subject that offers nothing conforms to nothing") {
  const ProgramRun run = conform(subjects + "/liboffers_nothing.so");
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 4);
}

TEST_CASE("one bad subject does not cost the others their verdict") {
  const ProgramRun run = run_program({HEDDLE_CONFORM, subjects + "/libnull_table.so",
                                      subjects + "/libin_nothing.so", "--clause", "SPAWN-001"});
  CAPTURE(run.standard_output, run.standard_error);
  CHECK(run.status == 3);
  CHECK_THAT(run.standard_output, ContainsSubstring("pthreads"));
}
