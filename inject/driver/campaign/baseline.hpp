// baseline.hpp: what the program does when nothing fails.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "campaign/campaign_log.hpp"
#include "campaign/observation.hpp"
#include "campaign/usual_folder.hpp"
#include "campaign/usual_output.hpp"

namespace heddle::inject {

/// The lines that all fault-free runs together wrote to one stream, each once.
struct KnownLines {
  std::set<std::string, std::less<>> lines;
  std::set<std::string, std::less<>> words;  // the lines without their numbers
};

/// What one run of a client did in all fault-free runs. A field is empty when they differ.
struct UsualClient {
  std::optional<int> status;
  std::optional<UsualOutput> output;
};

/// What all fault-free runs had in common. A field is empty when they differ; it is then not
/// compared with any run.
struct Baseline {
  std::optional<int> wait_status;
  std::optional<UsualOutput> output;
  std::optional<UsualOutput> errors;
  std::optional<UsualClient> client;         // empty: no client, or not served in every run
  std::optional<UsualClient> second_client;  // empty: the server does not serve two
  KnownLines output_lines;
  KnownLines error_lines;
  std::uint64_t most_error_messages = 0;    // on standard output, in one run
  std::uint64_t most_crashed_children = 0;  // in one run
  UsualFolder files;
  bool failed = false;      // the program fails by itself, without any fault
  bool any_killed = false;  // by a signal, in one run at least
  std::uint64_t runs = 0;
  bool exit_observed = false;                              // in all runs
  std::set<std::string> usual_memory_errors;               // their places, in some run
  std::string checker;                                     // CampaignOptions::check, if it works
  std::string memory_not_checked;                          // why it does not; or empty
  Range threads, descriptors, mapped_bytes, shared_bytes;  // at exit, if it was observed
  std::array<Range, HEDDLE_INJECT_CALLS> calls;
  double slowest_ms = 0;
};

/// Makes the baseline of at least one fault-free run. Returns a message if a run did not end by
/// itself: then there is nothing to compare with.
tl::expected<Baseline, std::string> baseline_of(const std::vector<Observation>& runs);

/// Says whether the words of every line are known, whatever its numbers.
bool has_known_words(const KnownLines& known, const OutputCapture& output);

/// Returns the first line with letters whose words are new. If there is no such line and `usual`
/// does not vary, returns the first one whose numbers are new. Where the fault-free runs differ in
/// their words (`usual` is empty), prefers a line that speaks of an error. Empty: no such line.
std::string first_new_line(const std::optional<UsualOutput>& usual, const KnownLines& known,
                           std::string_view text);

/// Returns an error message on standard output that fault-free runs lack. Empty when the run has no
/// more error messages than they have.
std::string first_new_error_message(const Baseline& baseline, const OutputCapture& output);

}  // namespace heddle::inject
