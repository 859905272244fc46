// The record, in which every run of a clause ends. Terminal, JSON and JUnit reports are views of
// it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::conformance {

enum class Verdict {
  holds,
  fails,
  deviates,        ///< fails, as the subject declares; level profile only
  not_applicable,  ///< feature not offered, or another profile
  not_judged,      ///< the fault never fired, or the clause needs another build
  untested,        ///< the clause has no check
  flaky,           ///< failed, but not each time the same case was run again
  internal_error,  ///< the suite or the machine failed
};

/// What a failure looked like.
enum class Cause {
  none,
  wrong,         ///< an expectation was not met
  crash,         ///< killed by a signal other than SIGABRT
  abort,         ///< killed by SIGABRT
  hang,          ///< still running at the deadline
  exit,          ///< the process ended before the check did
  memory_error,  ///< memcheck saw the subject misuse memory
  leak,          ///< the subject lost memory of the heap
};

/// What a tool that watches the memory of a case says of one error or leak.
struct MemoryReport {
  std::string kind;         ///< as the tool names it: "InvalidRead", "Leak_DefinitelyLost"
  std::string what;         ///< a sentence
  std::uint64_t bytes = 0;  ///< of a leak
  std::uint64_t blocks = 0;
  std::vector<std::string> stack;  ///< a frame a line, the innermost first
};

struct Record {
  std::string subject;  ///< name and version, as in the run's header
  std::string clause;   ///< id
  std::string group;
  std::string level;  ///< "must", "profile" or "should"
  std::string sentence;
  std::string source;     ///< where the rule stands
  std::string quotation;  ///< what the source says, word for word, or empty
  Verdict verdict = Verdict::internal_error;
  Cause cause = Cause::none;
  std::string reason;    ///< of a verdict other than holds and fails: why
  std::string expected;  ///< of a failure
  std::string happened;
  std::string fault;                  ///< plan expression, or empty
  std::vector<std::string> scenario;  ///< the smallest program that fails, a step a line
  std::vector<std::string> timeline;  ///< what the case did, an event a line
  std::vector<MemoryReport> memory;   ///< of the causes memory_error and leak: the evidence
  std::string standard_error;         ///< the end of what the case printed
  std::string reproduced;             ///< "20/20": how often the smallest case failed again
  std::uint64_t seed = 0;
  std::uint64_t cases = 0;  ///< how many cases were run, without those of shrinking
  std::uint64_t milliseconds = 0;
  std::string replay;  ///< the command that runs the failing case again
};

/// A function or flag that a subject's table lacks, and how many of the selected clauses need it. A
/// clause that needs two such things is counted under each.
struct Lack {
  std::string name;  ///< as in subject.h: "heddle_spawning.detach"
  std::uint64_t clauses = 0;
};

/// What a report says about a subject before its records.
struct Header {
  int schema = 5;
  int catalogue_version = 0;
  std::string catalogue_hash;
  std::string subject;       ///< name and version
  std::string subject_path;  ///< as the user gave it
  std::string profile;       ///< as declared, or empty
  std::string judged_as;     ///< the last profile known, if the declared one is newer; or empty
  std::string check;         ///< "memcheck" or "leaks": what watched the memory; or empty
  std::vector<std::string> offers;
  std::vector<Lack> lacks;                  ///< the costliest first
  std::vector<std::string> smoke_failures;  ///< a line for each smoke check that fails
  std::string kernel;
  std::string libc;
  std::uint64_t seed = 0;
  std::uint64_t selected = 0;  ///< clauses
  std::uint64_t total = 0;
  bool partial = false;  ///< not the whole catalogue, or interrupted
};

std::string_view name_of(Verdict verdict);
std::string_view name_of(Cause cause);

/// Turns a record into one line of JSON, without a newline, and back. Workers send records to their
/// parent in this form, and the JSON report prints it. Bytes that are not UTF-8 become U+FFFD. A
/// line that is not a record throws an exception (nlohmann::json's, or std::runtime_error). The
/// lines' schema is report/record.schema.json.
std::string to_json_line(const Record& record);
Record record_from_json_line(std::string_view line);

/// Returns whether this record alone makes the subject non-conforming: it is a failing MUST, or a
/// failing PROFILE clause that the subject's profile claims.
bool is_failure(const Record& record);

}  // namespace heddle::conformance
