#include "runner/direct_run.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "command_line/options.hpp"
#include "runner/loaded_subject.hpp"
#include "runner/preload.hpp"
#include "stage/evidence.hpp"
#include "stage/stage_case.hpp"

namespace heddle::conformance {
namespace {

/// Says how the case ended; returns the exit code that says so too.
int print_end(const Evidence& evidence) {
  if (evidence.failed.load() != 0) {
    fmt::print("fails\n  expected: {}\n  happened: {}\n", evidence.expected.data(),
               evidence.happened.data());
  } else if (evidence.excused.load() != 0) {
    fmt::print("not judged: {}\n", evidence.excuse.data());
  } else if (evidence.finished.load() != 0) {
    fmt::print("holds\n");
  } else {
    fmt::print("the process ended before the check was over\n");
  }
  std::fflush(stdout);
  return evidence.failed.load() != 0     ? exit_not_conforming
         : evidence.finished.load() == 0 ? exit_nothing
                                         : exit_conforming;
}

}  // namespace

int run_directly(const Clause& clause, const Program& program, const SubjectFile& subject,
                 heddle_entry host_entry, char** argv) {
  if (!clause.faults.empty() && ::dlsym(RTLD_DEFAULT, HEDDLE_INJECT_CONTROL_SYMBOL) == nullptr) {
    Preload(injector_shim()).apply();
    ::execv(own_executable().c_str(), argv);
    fmt::print(stderr, "heddle-conform: cannot start itself with the injector: {}\n",
               std::strerror(errno));
    return exit_internal;
  }
  heddle_entry entry = host_entry;
  if (!subject.program) {
    const auto loaded = load_plugin(subject.path, [](std::string_view) {});
    if (!loaded) {
      fmt::print(stderr, "heddle-conform: the subject {} is refused: {}\n", subject.given,
                 loaded.error());
      return exit_subject;
    }
    entry = *loaded;
  }
  const auto table = ask_for_table(entry);
  if (!table) {
    fmt::print(stderr, "heddle-conform: the subject {} is refused: {}\n", subject.given,
               table.error());
    return exit_subject;
  }
  // A failed expectation ends the process in the middle of the check: the end is told by whoever
  // sees it, here at exit. The evidence is never freed, since drops may come during exit().
  static Evidence* const evidence = new Evidence{};
  set_case_end([] { ::_exit(print_end(*evidence)); });
  enter_case(**table, *evidence, clause.faults);
  clause.scenario.check(program);
  evidence->finished.store(1);
  return print_end(*evidence);
}

}  // namespace heddle::conformance
