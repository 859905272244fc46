#include "campaign/baseline.hpp"

#include <algorithm>
#include <cctype>

#include "campaign/output_difference.hpp"
#include "campaign/output_words.hpp"

namespace heddle::inject {
namespace {

/// How many different lines of one stream are remembered from the fault-free runs.
constexpr std::size_t remembered_lines = 10000;

void remember(KnownLines& known, const OutputCapture& output) {
  for (const std::string_view line : lines_in(output.head())) {
    if (known.lines.size() < remembered_lines) {
      known.lines.emplace(line);
      known.words.insert(without_numbers(line));
    }
  }
}

void widen(Range& range, std::uint64_t value, bool first) {
  range.least = first ? value : std::min(range.least, value);
  range.most = first ? value : std::max(range.most, value);
}

bool has_letters(std::string_view line) {
  return std::ranges::any_of(line, [](unsigned char letter) {
    return std::isalpha(letter) != 0 || letter >= 0x80;  // of any language
  });
}

/// Forgets a value that another run does not share.
template <typename Value, typename Same>
void keep_if(std::optional<Value>& value, const Same& same) {
  if (value && !same(*value)) {
    value.reset();
  }
}

void add_output(std::optional<UsualOutput>& usual, const OutputCapture& output) {
  if (usual) {
    usual->add(output);
    keep_if(usual, [](const UsualOutput& all) { return all.is_comparable(); });
  }
}

/// Takes in another run's client. Forgets the usual client if this one did not end: then there is
/// nothing to compare with.
void add_client(std::optional<UsualClient>& usual, const ClientOutcome& client) {
  keep_if(usual, [&](const UsualClient&) { return client.ended; });
  if (usual) {
    keep_if(usual->status, [&](int status) { return status == client.wait_status; });
    add_output(usual->output, client.output);
  }
}

std::optional<UsualClient> usual_client(const ClientOutcome& client) {
  return client.ended ? std::optional(UsualClient{client.wait_status, UsualOutput(client.output)})
                      : std::nullopt;
}

void compare(Baseline& baseline, const Observation& run) {
  keep_if(baseline.wait_status, [&](int status) { return status == run.wait_status; });
  add_output(baseline.output, run.output);
  add_output(baseline.errors, run.errors);
  add_client(baseline.client, run.client);
  add_client(baseline.second_client, run.second_client);
}

void add(Baseline& baseline, const Observation& run) {
  const bool first = baseline.runs == 0;
  const heddle_inject_exit_state& state = run.exit_state;
  baseline.exit_observed = (first || baseline.exit_observed) && state.observed != 0;
  for (const MemoryError& error : run.memory.errors) {
    baseline.usual_memory_errors.insert(place_of(error));
  }
  if (baseline.memory_not_checked.empty()) {
    baseline.memory_not_checked = run.memory.failure;
  }
  widen(baseline.threads, state.threads, first);
  widen(baseline.descriptors, state.descriptors, first);
  widen(baseline.mapped_bytes, state.mapped_bytes, first);
  widen(baseline.shared_bytes, state.shared_bytes, first);
  for (std::size_t call = 0; call < run.calls.size(); ++call) {
    widen(baseline.calls.at(call), run.calls.at(call), first);
  }
  remember(baseline.error_lines, run.errors);
  remember(baseline.output_lines, run.output);
  const auto messages = error_lines_in(run.output.head());
  baseline.most_error_messages =
      std::max<std::uint64_t>(baseline.most_error_messages, messages.size());
  baseline.most_crashed_children =
      std::max<std::uint64_t>(baseline.most_crashed_children, run.crashed_children.size());
  baseline.files.add(run.files);
  baseline.slowest_ms = std::max(baseline.slowest_ms, run.milliseconds);
  ++baseline.runs;
}

}  // namespace

tl::expected<Baseline, std::string> baseline_of(const std::vector<Observation>& runs) {
  Baseline baseline;
  const Observation& first = runs.front();
  baseline.wait_status = first.wait_status;
  baseline.output.emplace(first.output);
  baseline.errors.emplace(first.errors);
  baseline.client = usual_client(first.client);
  baseline.second_client = usual_client(first.second_client);
  for (const Observation& run : runs) {
    if (run.end != RunEnd::ended) {
      return tl::unexpected(std::string(
          "without any fault the program does not end in time: give it more with --timeout, or, if "
          "it is a server, say with --ready, --then and --stop-signal how to use and end it"));
    }
    if (run.client.timed_out) {
      return tl::unexpected(std::string(
          "without any fault the client does not end in time: give it more with --timeout, or have "
          "--then end by itself once it is served"));
    }
    compare(baseline, run);
    add(baseline, run);
  }
  return baseline;
}

bool has_known_words(const KnownLines& known, const OutputCapture& output) {
  return output.is_whole() &&
         std::ranges::all_of(lines_in(output.head()), [&](std::string_view line) {
           return known.words.contains(without_numbers(line));
         });
}

std::string first_new_line(const std::optional<UsualOutput>& usual, const KnownLines& known,
                           std::string_view text) {
  const auto first_of = [](const std::vector<std::string_view>& lines, const auto& is_wanted) {
    const auto found = std::ranges::find_if(lines, is_wanted);
    return found == lines.end() ? std::string() : std::string(*found);
  };
  const auto has_new_words = [&](std::string_view line) {
    return has_letters(line) && !known.words.contains(without_numbers(line));
  };
  const std::vector<std::string_view> lines = lines_in(text);
  std::string found;
  if (!usual) {
    found = first_of(error_lines_in(text), has_new_words);
  }
  if (found.empty()) {
    found = first_of(lines, has_new_words);
  }
  if (found.empty() && usual && !usual->varies()) {
    found = first_of(lines, [&](std::string_view line) {
      return has_letters(line) && !known.lines.contains(line);
    });
  }
  return found;
}

std::string first_new_error_message(const Baseline& baseline, const OutputCapture& output) {
  const auto messages = error_lines_in(output.head());
  if (messages.size() <= baseline.most_error_messages) {
    return {};
  }
  const auto news = std::ranges::find_if(messages, [&](std::string_view message) {
    return !baseline.output_lines.words.contains(without_numbers(message));
  });
  return std::string(news == messages.end() ? messages.back() : *news);
}

}  // namespace heddle::inject
