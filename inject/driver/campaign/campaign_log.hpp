// campaign_log.hpp: the log of a campaign, and the report that is read back from it.
//
// The log has JSON lines, and lines are only ever appended. Each line is one of the structures
// below with its "type": first the campaign, then what the fault-free runs showed, the modules and
// the sites, then one line for each fault in the order of the sites, then a summary. A campaign
// that is resumed appends to the same file, a new summary last. Views, comparisons and replays are
// made from a CampaignReport and from nothing else. Times are the only fields that differ between
// two campaigns over the same deterministic program.
#pragma once

#include <array>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace heddle::inject {

/// Version of the lines' meaning; a reader refuses a newer one.
constexpr int log_schema = 2;

/// What the program did about a fault.
enum class Verdict {
  not_reached,       // the call was not made in this run, so nothing failed
  not_judged,        // nothing can be concluded: without any fault the program fails as well
  survived,          // status and output as without the fault
  reported,          // ended with another status, or said something on standard error
  unstable,          // several runs of the fault had several verdicts
  aborted,           // SIGABRT
  crashed,           // another signal, or a sanitizer's report
  memory_error,      // memcheck reports an error that no fault-free run has
  hung,              // did not end
  still_waiting,     // waited to the end of all deadlines, with a time limit: it may yet go on
  out_of_service,    // a server that did not serve its client any more, even without the fault
  leaked,            // survived, but held more than in any fault-free run when it ended
  wrong_output,      // status as without the fault, other output, and not a word about it
  silently_degraded  // survived without what the call would have given, and not a word about it
};

/// Returns "not reached", "survived", ... as people read and `--accept` takes it.
std::string_view verdict_name(Verdict verdict);
std::optional<Verdict> verdict_of_name(std::string_view name);

/// Verdicts that are no findings unless `--accept` says otherwise.
inline constexpr std::array accepted_by_default{Verdict::survived, Verdict::reported,
                                                Verdict::unstable};

/// Which calls of a site fail.
enum class Shape {
  once,          // this call alone
  from_here_on,  // this call, and every later call of its name, wherever it is made
  in_a_row       // this call and the next ones of the site, CampaignOptions::in_a_row in all
};

/// Returns "once", "from here on" or "in a row".
std::string_view shape_name(Shape shape);
std::optional<Shape> shape_of_name(std::string_view name);

/// The options that decide which faults there are and how a run goes.
struct CampaignOptions {
  std::vector<std::string> calls;   // globs; empty: all
  std::string caller;               // only calls that this module makes; empty: all
  std::string exe;                  // file name of the program whose calls fail
  std::string errors = "possible";  // likely, possible or hostile; each includes those before it
  std::uint64_t occurrences = 3;    // tried of each site
  std::uint64_t in_a_row = 3;
  bool pairs = false;
  bool raw = false;
  bool libunwind = false;
  bool fork_server = true;
  std::uint64_t timeout_ms = 0;       // 0: derived from how long the fault-free runs take
  std::string standard_input;         // file; empty: /dev/null
  std::string working_folder_copy;    // folder that each run gets a fresh copy of
  std::string ready;                  // regular expression; with `then`, for servers
  std::string then;                   // command of the client
  int stop_signal = 15;               // sent when the client has ended
  std::uint64_t baseline_status = 0;  // what the program ends with when nothing fails
  std::string check;                  // of memory: "leaks", "memcheck", or empty
  bool operator==(const CampaignOptions&) const = default;
};

/// "type": "campaign".
struct LogHeader {
  int schema = log_schema;
  std::string heddle_version;
  std::string program;                 // absolute path
  std::string build_id;                // of the program, hexadecimal; empty: it has none
  std::vector<std::string> arguments;  // with the name that the program is called by
  std::string working_folder;          // where the campaign was started
  CampaignOptions options;
};

/// The smallest and the largest value that a number has in the fault-free runs.
struct Range {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
  bool operator==(const Range&) const = default;
};

/// "type": "recording". What the fault-free runs had in common.
struct Recording {
  std::uint64_t runs = 0;
  std::string status;           // "exit status 0", "signal 6 (SIGABRT)"
  std::string remark;           // one line: what is wrong with the program's end; may be empty
  bool output_compared = true;  // false: it differed between the fault-free runs
  bool errors_compared = true;  // false: standard error differed between the fault-free runs
  bool exit_observed = true;    // false: what was held at the end could not be seen in each run
  // Why memory was not checked, although CampaignOptions::check asks for it.
  std::string memory_not_checked;
  std::uint64_t calls_before_start_up = 0;
  std::uint64_t lost_calls = 0;  // calls whose site found no room in the record
  std::uint64_t sites_in_other_programs = 0;
  // Sites whose call documents no errno of the class.
  std::uint64_t sites_without_errors = 0;
  std::uint64_t later_occurrences = 0;  // not tried, being later than CampaignOptions::occurrences
  bool fork_server = false;
  std::string no_fork_server_reason;  // empty if there is a server, or none was wanted
  double milliseconds = 0;            // of the slowest run
};

/// "type": "module". Frames name a module by its place among the modules, from 0.
struct Module {
  std::string path;
  std::string build_id;  // hexadecimal; empty: it has none
};

struct Frame {
  static constexpr std::uint32_t no_module = UINT32_MAX;
  std::uint32_t module = no_module;
  // From the module's load address. Of a return address it is the byte before, which lies in the
  // call instruction, so that a look-up finds the calling line.
  std::uint64_t offset = 0;
  std::string function;  // demangled; empty: not known
  std::string file;      // empty: not known
  int line = 0;
};

/// "type": "site". A call from one stack in one thread; see inject_record.h.
struct Site {
  std::uint64_t id = 0;  // from 1, in the order of thread path and of arrival
  std::string call;      // as plans spell it
  std::string stack;     // hash, as plans spell it
  std::string thread_path;
  std::string thread_name;
  std::string exe;
  bool raw = false;
  std::uint64_t count = 0;  // the most occurrences in any fault-free run
  // How many of the last occurrences some fault-free run did not make.
  std::uint64_t by_chance = 0;
  /// The needs that the site's calls met, by their names in the table of needs.
  std::vector<std::string> needs;
  std::uint64_t after = 0;    // place of the fault that first led here ("pairs"); 0: fault-free
  std::vector<Frame> frames;  // the caller first
};

/// The call stack of a thread of a program that crashed or hung, seen from outside.
struct LoggedStack {
  std::string name;
  bool faulting = false;  // this thread got the fatal signal
  std::vector<Frame> frames;
};

/// What a memory checker has found: an error, or blocks of the heap to which nothing pointed any
/// more when the program ended.
struct LoggedMemoryError {
  static constexpr std::size_t most = 3;
  std::string kind;         // as Valgrind names it: see MemoryError
  std::string what;         // "Invalid read of size 4", "64 bytes in 1 block lost"
  std::uint64_t bytes = 0;  // of lost blocks; otherwise 0
  std::uint64_t blocks = 0;
  std::vector<Frame> frames;  // of lost blocks: the call stack that allocated them
};

/// "type": "fault". One planned fault, and what came of it.
struct FaultRun {
  std::string id;  // "17", its place in the whole campaign; "17+2" in the second of a pair
  std::uint64_t site = 0;
  std::uint64_t occurrence = 0;
  std::string error;  // errno's name, or "spurious"
  Shape shape = Shape::once;
  std::vector<std::string> rules;  // for `run -e`
  // True: not run, since the run with the shape "once" showed no later call.
  bool same_as_once = false;
  std::uint64_t fired = 0;
  Verdict verdict = Verdict::not_reached;
  std::string status;    // as in Recording
  std::string evidence;  // one line: what the verdict rests on
  std::string message;   // one line of the program's that fault-free runs lack; may be empty
  // A bad verdict is tried again `repetitions` times, and came again `repeated` times.
  std::uint64_t repeated = 0;
  std::uint64_t repetitions = 0;
  std::vector<Verdict> outcomes;                 // of runs that disagreed: each verdict once
  std::vector<LoggedStack> threads;              // of crashed and hung runs
  std::vector<LoggedMemoryError> memory_errors;  // new ones, at most LoggedMemoryError::most
  double milliseconds = 0;
};

/// "type": "summary". How complete the campaign is: sums over the whole log.
struct Summary {
  std::uint64_t sites = 0;
  std::uint64_t faults = 0;  // planned, in this shard
  std::uint64_t fired = 0;   // at least once
  std::uint64_t not_reached = 0;
  std::uint64_t not_judged = 0;  // fired, and nothing could be concluded
  std::uint64_t same_as_once = 0;
  std::uint64_t not_run = 0;          // left over when the campaign stopped
  std::uint64_t findings = 0;         // faults with a verdict that is not acceptable
  std::string shard;                  // "I/N"; empty: all
  std::string stopped;                // "interrupted", "budget"; empty: finished
  std::vector<std::string> accepted;  // verdicts
  double seconds = 0;
};

/// All of one log. Modules, sites and faults are in the order in which they are referred to.
struct CampaignReport {
  LogHeader header;
  Recording recording;
  std::vector<Module> modules;
  std::vector<Site> sites;
  std::vector<FaultRun> faults;
  std::optional<Summary> summary;  // nothing: the campaign was killed
};

/// Says whether the fault counts against the program: it was judged, and the campaign does not
/// accept the verdict.
bool is_finding(const CampaignReport& report, const FaultRun& fault);

/// Returns the fault's site, or null if the log lacks it. Points into the report.
const Site* site_of(const CampaignReport& report, const FaultRun& fault);

/// Writes one line, without its newline. Bytes that are not UTF-8 are replaced.
std::string to_line(const LogHeader& header);
std::string to_line(const Recording& recording);
std::string to_line(const Module& module);
std::string to_line(const Site& site);
std::string to_line(const FaultRun& fault);
std::string to_line(const Summary& summary);

/// Writes all lines of the report, with their newlines.
std::string to_lines(const CampaignReport& report);

/// Adds what one line says to the report. Returns what is wrong with the line.
tl::expected<void, std::string> add_line(CampaignReport& report, std::string_view line);

/// Reads a whole log. Leaves out a last line that was cut short because its writer was killed. On
/// failure, returns a message that names the file and the line.
tl::expected<CampaignReport, std::string> read_log(const std::string& path);

/// Reads a whole log from a stream, which messages call `name`. Otherwise as above.
tl::expected<CampaignReport, std::string> read_log(std::istream& lines, const std::string& name);

}  // namespace heddle::inject
