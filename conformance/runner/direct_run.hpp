// A case without template, deadline and captured output: for a debugger.
#pragma once

#include <heddle/subject.h>

#include "catalogue/clause.hpp"
#include "command_line/options.hpp"
#include "runner/subject_file.hpp"

namespace heddle::conformance {

/// What is to be run, and in which program.
struct DirectCase {
  const Clause& clause;
  const Program& program;
  const SubjectFile& subject;
  heddle_entry host_entry;  ///< of a program that hosts the suite; otherwise null
  char** argv;              ///< the program's own
  const Options& options;
};

/// Runs the case and prints the verdict, which is the one that a replay would come to. Executes
/// this program again, once, when the clause needs the injector and it is not there.
///
/// Where a debugger or a campaign of the injector watches this process, it becomes the case itself:
/// whoever watches sees how it dies. Otherwise a child is the case, and its end is judged here. In
/// either way the process that is the case returns, if the clause is about the end of main, with
/// main's ending in `end`. Else `end` is the exit code.
void run_directly(const DirectCase& asked, heddle_outcome& end);

}  // namespace heddle::conformance
