// tool.hpp: the programs that a measurement runs.
#pragma once

#include <string>
#include <vector>

namespace heddle::inject::bench {

using Command = std::vector<std::string>;

/// Returns `first` with `rest` behind it.
Command joined(Command first, const Command& rest);

/// Says whether the program is on the PATH.
bool is_installed(const std::string& program);

struct ToolRun {
  int status;            // exit status; 127 when it cannot be executed, 128 + N after signal N
  std::string output;    // standard output; standard error is dropped
  double seconds;        // from before the fork until it is reaped
  long tree_memory_kib;  // peak resident memory of the program and its descendants of the same name
};

/// Runs the command. If `watches_memory`, looks at its processes every tenth of a second, which
/// disturbs other measurements.
ToolRun run(const Command& command, bool watches_memory = false);

/// Returns the numbers that the command prints; ends the benchmark when the command fails.
std::vector<double> numbers_of(const Command& command);

}  // namespace heddle::inject::bench
