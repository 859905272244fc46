// The command line of heddle-conform and of every program that hosts the suite.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace heddle::conformance {

/// The tool's exit codes; conformance/README.md has the table.
enum ExitCode : int {
  exit_conforming = 0,
  exit_not_conforming = 1,  ///< a MUST, or a PROFILE clause that the profile claims, failed
  exit_usage = 2,
  exit_subject = 3,  ///< a subject could not be loaded, or fails a smoke check but no clause
  exit_nothing = 4,  ///< nothing was selected, or too little judged to conform
  exit_flaky = 5,    ///< only flaky failures
  exit_internal = 6,
  exit_interrupted = 130,
  exit_terminated = 143,
};

enum class Format { terminal, json, junit };

struct ReportRequest {
  Format format = Format::terminal;
  std::string file;  ///< empty: standard output
};

enum class Action {
  run,
  list,         ///< --list: print the catalogue
  explain,      ///< --explain CLAUSE
  describe,     ///< --describe: what the subject offers, as JSON
  smoke,        ///< --smoke: is the adapter in order?
  replay,       ///< --replay TOKEN
  new_subject,  ///< --new-subject LANGUAGE DIR: write a project to begin an adapter with
};

/// What watches the memory of the cases: see runner/memory_lane.hpp.
enum class MemoryCheck { none, memcheck, leaks };

/// Returns the word on the command line; empty for none.
std::string_view name_of(MemoryCheck check);

struct Options {
  Action action = Action::run;
  std::vector<std::string> subjects;  ///< paths as given; empty: the default subject. Of
                                      ///< new_subject: the folder
  std::vector<std::string> clauses;   ///< globs over ids; empty: all
  std::vector<std::string> excluded;  ///< globs over ids
  std::optional<std::string> level;   ///< "must", "profile" or "should" only
  std::string argument;               ///< of explain, replay and new_subject
  std::uint64_t seed = 0;             ///< chosen from the clock unless given
  std::uint64_t cases = 50;           ///< programs per property
  bool quick = false;                 ///< fewer cases: a first look
  unsigned jobs = 0;                  ///< worker processes; parse() fills in the processors
  double timeout_factor = 1.0;
  MemoryCheck check = MemoryCheck::none;
  bool direct = false;    ///< with replay: in this process, for a debugger
  bool debugger = false;  ///< with replay: print the gdb command instead
  bool color = false;     ///< terminal report on standard output in colour; never a file
  std::vector<ReportRequest> reports;  ///< never empty after parse()
};

/// What parse() may return instead of options: text to print, and the exit code.
struct Refusal {
  int exit_code;     ///< 0 after --help and --version, exit_usage for a mistake
  std::string text;  ///< complete, with its newline
};

/// Reads the command line, and NO_COLOR and TERM in the environment. A mistake is returned as one
/// line that names it: an unknown option, a value out of bounds, options that exclude each other or
/// would do nothing with the action, two reports into one file. Whether clauses, subjects and files
/// exist is checked later.
tl::expected<Options, Refusal> parse(int argc, const char* const* argv);

}  // namespace heddle::conformance
