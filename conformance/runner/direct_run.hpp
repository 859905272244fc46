// A case without template, deadline and captured output, for a debugger.
#pragma once

#include <heddle/subject.h>

#include "catalogue/clause.hpp"
#include "command_line/options.hpp"
#include "runner/subject_file.hpp"

namespace heddle::conformance {

/// A case to be run, and the program that runs it.
struct DirectCase {
  const Clause& clause;
  const Program& program;
  const SubjectFile& subject;
  heddle_entry host_entry;  ///< of a program that hosts the suite; otherwise null
  char** argv;              ///< the program's own
  const Options& options;
};

/// Runs the case and prints the verdict, the same as a replay's. If the clause needs the injector
/// and it is not loaded, executes this program again, once.
///
/// If a debugger or a campaign of the injector watches this process, the process becomes the case
/// itself, so that the watcher sees how the case dies. Otherwise a child is the case, and its end
/// is judged here. If the clause is about the end of main, the case's process returns with main's
/// ending in `end`. In every other case `end` has the exit code.
void run_directly(const DirectCase& asked, heddle_outcome& end);

}  // namespace heddle::conformance
