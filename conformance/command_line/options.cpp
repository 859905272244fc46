#include "command_line/options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <heddle/inject_control.h>
#include <heddle/subject.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <thread>
#include <utility>

#include "catalogue/catalogue.hpp"
#include "command_line/option_grammar.hpp"
#include "program/number_text.hpp"
#include "verdict/record.hpp"

#ifndef HEDDLE_VERSION
#define HEDDLE_VERSION "of an unversioned build"
#endif

namespace heddle::conformance {
namespace {

// A value, or a mistake in words without the program's name and the newline.
template <class Value>
using Read = tl::expected<Value, std::string>;

constexpr std::string_view no_color_variable = "NO_COLOR";

// The bounds are generous: they refuse typing errors only.
constexpr std::uint64_t maximum_cases = 1'000'000;
constexpr std::uint64_t maximum_jobs = 512;
constexpr double minimum_timeout_factor = 0.1;
constexpr double maximum_timeout_factor = 1000;

struct ActionOption {
  Action action;
  std::string_view name;
  unsigned takes;  // kinds
};

constexpr std::array<ActionOption, 7> actions = {{
    {Action::run, "",
     of_selection | of_generation | of_workers | of_deadlines | of_memory | of_report | of_format},
    {Action::list, "--list", of_selection | of_format},
    {Action::explain, "--explain", of_action},
    {Action::describe, "--describe", of_deadlines},
    {Action::smoke, "--smoke", of_deadlines | of_report | of_format},
    {Action::replay, "--replay", of_deadlines | of_memory | of_report | of_format},
    {Action::new_subject, "--new-subject", of_action},
}};

constexpr std::array<std::pair<std::string_view, Format>, 3> formats = {{
    {"terminal", Format::terminal},
    {"json", Format::json},
    {"junit", Format::junit},
}};

constexpr std::array<std::pair<std::string_view, MemoryCheck>, 2> memory_checks = {{
    {"memcheck", MemoryCheck::memcheck},
    {"leaks", MemoryCheck::leaks},
}};

// ---- Complaints ---------------------------------------------------------------------------------

// Returns CLI11's complaint as one line in the suite's words.
std::string complaint(const CLI::ParseError& error) {
  std::string text = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return fmt::format("there is no option {}", text.substr(text.rfind(" -") + 1));
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    const bool missing = text.find("required") != std::string::npos;
    const std::string name = text.substr(0, text.find_first_of(": "));
    return fmt::format("{}{} {}", name.starts_with("-") ? "" : "--", name,
                       missing ? "needs a value" : "takes no value");
  }
  return text;
}

// ---- Reading values -----------------------------------------------------------------------------

Read<void> read_count(std::string_view option, const Words& words, std::uint64_t minimum,
                      std::uint64_t maximum, std::uint64_t& into) {
  if (words.empty()) {
    return {};
  }
  const auto number = inject::number_in<std::uint64_t>(words.front());
  if (!number || *number < minimum || *number > maximum) {
    return tl::unexpected(fmt::format("{} '{}': must be a whole number from {} to {}", option,
                                      words.front(), minimum, maximum));
  }
  into = *number;
  return {};
}

Read<void> read_timeout_factor(const Words& words, double& into) {
  if (words.empty()) {
    return {};
  }
  const auto number = inject::number_in<double>(words.front());
  // Written so that it also refuses NaN.
  if (!number || !(*number >= minimum_timeout_factor && *number <= maximum_timeout_factor)) {
    return tl::unexpected(fmt::format("--timeout-factor '{}': must be a number from {} to {}",
                                      words.front(), minimum_timeout_factor,
                                      maximum_timeout_factor));
  }
  into = *number;
  return {};
}

Read<void> read_level(const Words& words, std::optional<std::string>& into) {
  if (words.empty()) {
    return {};
  }
  if (words.front() != "must" && words.front() != "profile" && words.front() != "should") {
    return tl::unexpected(
        fmt::format("--level '{}': must be must, profile or should", words.front()));
  }
  into = words.front();
  return {};
}

Read<void> read_check(const Words& words, MemoryCheck& into) {
  if (words.empty()) {
    return {};
  }
  const auto* const found = std::ranges::find(memory_checks, words.front(),
                                              &std::pair<std::string_view, MemoryCheck>::first);
  if (found == memory_checks.end()) {
    return tl::unexpected(fmt::format("--check '{}': must be memcheck or leaks", words.front()));
  }
  into = found->second;
  return {};
}

// Returns whether the terminal shows colour. NO_COLOR counts if it is set and not empty
// (https://no-color.org).
bool terminal_wants_color() {
  const auto variable = [](std::string_view name) {
    const char* const value = std::getenv(name.data());  // a literal: terminated
    return std::string_view(value == nullptr ? "" : value);
  };
  return variable(no_color_variable).empty() && variable("TERM") != "dumb" &&
         ::isatty(STDOUT_FILENO) == 1;
}

Read<void> read_color(const Words& words, bool& into) {
  const std::string when = words.empty() ? "auto" : words.front();
  if (when != "auto" && when != "always" && when != "never") {
    return tl::unexpected(fmt::format("--color '{}': must be auto, always or never", when));
  }
  into = when == "always" || (when == "auto" && terminal_wants_color());
  return {};
}

Read<ReportRequest> read_report(const std::string& word) {
  const std::size_t colon = word.find(':');
  const std::string name = word.substr(0, colon);
  const auto format = std::find_if(formats.begin(), formats.end(),
                                   [&](const auto& entry) { return entry.first == name; });
  if (format == formats.end()) {
    return tl::unexpected(
        fmt::format("--format '{}': must be terminal, json or junit, with :FILE or without", word));
  }
  const std::string file = colon == std::string::npos ? "" : word.substr(colon + 1);
  if (colon != std::string::npos && file.empty()) {
    return tl::unexpected(fmt::format("--format '{}': a file name must follow the colon", word));
  }
  return ReportRequest{format->second, file};
}

Read<void> read_reports(const Words& words, std::vector<ReportRequest>& into) {
  const auto place = [](const ReportRequest& request) {
    return std::filesystem::path(request.file).lexically_normal();
  };
  for (const std::string& word : words) {
    const auto request = read_report(word);
    if (!request) {
      return tl::unexpected(request.error());
    }
    const auto twin = std::find_if(into.begin(), into.end(), [&](const ReportRequest& other) {
      return place(other) == place(*request);
    });
    if (twin != into.end()) {
      return tl::unexpected(fmt::format(
          "--format '{}' and --format '{}' both write to {}: give one of them a file of its own",
          words[static_cast<std::size_t>(twin - into.begin())], word,
          request->file.empty() ? "standard output" : request->file));
    }
    into.push_back(*request);
  }
  if (into.empty()) {
    into.emplace_back();
  }
  return {};
}

// ---- What fits together -------------------------------------------------------------------------

Read<void> check_repetition(const Written& written) {
  const std::array<std::pair<std::string_view, const Words*>, 10> single = {{
      {"--explain", &written.explain},
      {"--replay", &written.replay},
      {"--new-subject", &written.new_subject},
      {"--level", &written.level},
      {"--seed", &written.seed},
      {"--cases", &written.cases},
      {"--jobs", &written.jobs},
      {"--timeout-factor", &written.timeout_factor},
      {"--check", &written.check},
      {"--color", &written.color},
  }};
  for (const auto& [name, words] : single) {
    if (words->size() > 1) {
      return tl::unexpected(fmt::format("{} is given twice, as '{}' and '{}': it takes one value",
                                        name, (*words)[0], (*words)[1]));
    }
  }
  return {};
}

Read<void> check_empty(const Written& written) {
  const std::array<std::pair<std::string_view, const Words*>, 5> named = {{
      {"SUBJECT", &written.subjects},
      {"--clause", &written.clauses},
      {"--exclude", &written.excluded},
      {"--explain", &written.explain},
      {"--replay", &written.replay},
  }};
  for (const auto& [name, words] : named) {
    if (std::find(words->begin(), words->end(), "") != words->end()) {
      return tl::unexpected(fmt::format("{} is empty", name));
    }
  }
  return {};
}

Read<ActionOption> read_action(const Grammar& grammar) {
  std::optional<ActionOption> chosen;
  for (const ActionOption& action : actions) {
    if (action.name.empty() || !grammar.gave(action.name)) {
      continue;
    }
    if (chosen) {
      return tl::unexpected(fmt::format("{} and {} ask for different things: give one of them",
                                        chosen->name, action.name));
    }
    chosen = action;
  }
  return chosen.value_or(actions.front());
}

Read<void> check_replay(const Grammar& grammar, const Written& written) {
  for (const std::string_view option : {"--debugger", "--direct"}) {
    if (grammar.gave(option) && !grammar.gave("--replay")) {
      return tl::unexpected(fmt::format("{} needs --replay TOKEN: it is about one case", option));
    }
    for (const std::string_view other : {"--format", "--check"}) {
      if (grammar.gave(option) && grammar.gave(other)) {
        return tl::unexpected(
            fmt::format("{} means nothing with {}: leave one of them out", other, option));
      }
    }
  }
  if (grammar.gave("--debugger") && grammar.gave("--direct")) {
    return tl::unexpected<std::string>(
        "--debugger and --direct exclude each other: the command that --debugger prints has "
        "--direct in it");
  }
  if (grammar.gave("--replay") && written.subjects.size() > 1) {
    return tl::unexpected(
        fmt::format("--replay runs on one SUBJECT, not on {}", written.subjects.size()));
  }
  return {};
}

Read<void> check_new_subject(const Written& written) {
  if (written.new_subject.empty()) {
    return {};
  }
  const std::string& language = written.new_subject.front();
  if (language != "c" && language != "c++" && language != "rust" && language != "d") {
    return tl::unexpected(fmt::format("--new-subject '{}': must be c, c++, rust or d", language));
  }
  if (written.subjects.size() != 1) {
    return tl::unexpected(fmt::format("--new-subject {} needs one folder to write to, not {}",
                                      language, written.subjects.size()));
  }
  return {};
}

// Returns the argument of the action that takes one.
std::string argument_of(const Written& written) {
  for (const Words* const words : {&written.explain, &written.replay, &written.new_subject}) {
    if (!words->empty()) {
      return words->front();
    }
  }
  return "";
}

// Returns whether the format is for verdicts only, or goes to a file.
bool is_report_alone(const Words& written) {
  return !written.empty() && written.front() != "terminal" && written.front() != "json";
}

Read<void> check_fit(const Grammar& grammar, const Written& written, const ActionOption& action) {
  if (const auto option = grammar.first_beyond(action.takes | of_replay)) {
    return tl::unexpected(
        fmt::format("{} means nothing with {}: leave one of them out", *option, action.name));
  }
  if (grammar.gave("--list") && (written.formats.size() > 1 || is_report_alone(written.formats))) {
    return tl::unexpected(
        fmt::format("--list prints to standard output, with --format terminal or json: not {}",
                    fmt::join(written.formats, " and ")));
  }
  if (grammar.gave("--quick") && grammar.gave("--cases")) {
    return tl::unexpected<std::string>(
        "--quick and --cases both choose the number of cases: give one of them");
  }
  return check_replay(grammar, written).and_then([&] { return check_new_subject(written); });
}

Read<void> read_numbers(const Written& written, Options& options) {
  std::uint64_t jobs = std::max(1U, std::thread::hardware_concurrency());
  const auto clock = std::chrono::system_clock::now().time_since_epoch().count();
  // A reader of JSON may keep numbers as doubles, which are exact up to 2^53.
  constexpr std::uint64_t exact = (std::uint64_t{1} << 53) - 1;
  options.seed = static_cast<std::uint64_t>(clock) & exact;
  return read_count("--seed", written.seed, 0, UINT64_MAX, options.seed)
      .and_then(
          [&] { return read_count("--cases", written.cases, 1, maximum_cases, options.cases); })
      .and_then([&] { return read_count("--jobs", written.jobs, 1, maximum_jobs, jobs); })
      .and_then([&] { return read_timeout_factor(written.timeout_factor, options.timeout_factor); })
      .map([&] { options.jobs = static_cast<unsigned>(jobs); });
}

Read<Options> read(const Grammar& grammar, const Written& written) {
  Options options;
  options.subjects = written.subjects;
  options.clauses = written.clauses;
  options.excluded = written.excluded;
  options.quick = grammar.gave("--quick");
  options.direct = grammar.gave("--direct");
  options.debugger = grammar.gave("--debugger");
  return check_repetition(written)
      .and_then([&] { return check_empty(written); })
      .and_then([&] { return read_numbers(written, options); })
      .and_then([&] { return read_level(written.level, options.level); })
      .and_then([&] { return read_check(written.check, options.check); })
      .and_then([&] { return read_color(written.color, options.color); })
      .and_then([&] { return read_reports(written.formats, options.reports); })
      .and_then([&] { return read_action(grammar); })
      .and_then([&](const ActionOption& action) {
        options.action = action.action;
        options.argument = argument_of(written);
        return check_fit(grammar, written, action);
      })
      .map([&] { return std::move(options); });
}

std::string program_name(int argc, const char* const* argv) {
  const std::string path = argc > 0 ? argv[0] : "";
  const std::string name = std::filesystem::path(path).filename();
  return name.empty() ? "heddle-conform" : name;
}

std::string help(const CLI::App& parser) {
  std::string text =
      fmt::format("{}\n\nUsage: {} [SUBJECT...] [OPTIONS]\n\n{}\n", parser.get_description(),
                  parser.get_name(), parser.get_option("SUBJECT")->get_description());
  CLI::Formatter formatter;
  formatter.column_width(30);
  text += formatter.make_groups(&parser, CLI::AppFormatMode::Normal);
  for (std::size_t gap = 0; (gap = text.find("\n\n\n")) != std::string::npos;) {
    text.erase(gap, 1);
  }
  return text + "\n" + parser.get_footer();
}

}  // namespace

std::string_view name_of(MemoryCheck check) {
  const auto* const found =
      std::ranges::find(memory_checks, check, &std::pair<std::string_view, MemoryCheck>::second);
  return found == memory_checks.end() ? std::string_view() : found->first;
}

tl::expected<Options, Refusal> parse(int argc, const char* const* argv) {
  const std::string program = program_name(argc, argv);
  const auto mistake = [&](const std::string& text) {
    return tl::unexpected(
        Refusal{exit_usage, fmt::format("{0}: {1} ({0} --help says more)\n", program, text)});
  };
  CLI::App parser;
  Written written;
  const Grammar grammar(parser, written, program);
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return mistake(complaint(error));
  }
  if (grammar.gave("--help")) {
    return tl::unexpected(Refusal{exit_conforming, help(parser)});
  }
  if (grammar.gave("--version")) {
    return tl::unexpected(
        Refusal{exit_conforming,
                fmt::format("heddle-conform {}, catalogue {}, subject ABI {}.{}, report schema {}, "
                            "protocol {}\n",
                            HEDDLE_VERSION, catalogue_version, static_cast<int>(HEDDLE_ABI_MAJOR),
                            static_cast<int>(HEDDLE_ABI_MINOR), Header{}.schema,
                            static_cast<int>(HEDDLE_INJECT_PROTOCOL))});
  }
  return read(grammar, written).map_error([&](const std::string& text) {
    return mistake(text).value();
  });
}

}  // namespace heddle::conformance
