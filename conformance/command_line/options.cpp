#include "command_line/options.hpp"

#include <fmt/format.h>
#include <heddle/subject.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string_view>
#include <thread>
#include <utility>

#include "catalogue/catalogue.hpp"

#ifndef HEDDLE_VERSION
#define HEDDLE_VERSION "of an unversioned build"
#endif

namespace heddle::conformance {
namespace {

// A mistake in words, without the program's name and the newline.
template <class Value>
using Read = tl::expected<Value, std::string>;

using Words = std::vector<std::string>;

constexpr std::string_view no_color_variable = "NO_COLOR";

// Bounds are generous: they refuse slips of the pen, not uses.
constexpr std::uint64_t maximum_cases = 1'000'000;
constexpr std::uint64_t maximum_jobs = 512;
constexpr double minimum_timeout_factor = 0.1;
constexpr double maximum_timeout_factor = 1000;

// What an option is about. An action takes only the kinds that mean something to it: whoever
// combines others expects something that would not happen.
enum Kind : unsigned {
  of_action = 0,
  of_selection = 1U << 0U,
  of_generation = 1U << 1U,
  of_running = 1U << 2U,
  of_report = 1U << 3U,
  of_replay = 1U << 4U,
};

struct ActionOption {
  Action action;
  std::string_view name;
  unsigned takes;  // kinds
};

constexpr std::array<ActionOption, 6> actions = {{
    {Action::run, "", of_selection | of_generation | of_running | of_report},
    {Action::list, "--list", of_selection},
    {Action::explain, "--explain", of_action},
    {Action::describe, "--describe", of_action},
    {Action::smoke, "--smoke", of_running | of_report},
    {Action::replay, "--replay", of_running | of_report | of_replay},
}};

constexpr std::array<std::pair<std::string_view, Format>, 3> formats = {{
    {"terminal", Format::terminal},
    {"json", Format::json},
    {"junit", Format::junit},
}};

// The command line as CLI11 has split it: every value as it was written, in order.
struct Written {
  Words subjects, clauses, excluded, level, seed, cases, jobs, timeout_factor, formats, color;
  Words explain, replay;
  std::vector<std::string> given;  // the options that were given, without their values
};

constexpr const char* after_the_options = R"(Exit codes:
  0  conforming                         5  nothing but flaky failures
  1  a MUST clause failed, or a         6  internal error of the suite
     PROFILE clause of its profile    130  interrupted (SIGINT)
  2  mistake on the command line      143  terminated (SIGTERM)
  3  a subject could not be loaded
  4  nothing selected, or nothing applicable

Examples:
  {0} ./libmine.so                            judge a runtime
  {0} ./libmine.so --clause 'park-*'          one group of clauses
  {0} ./libmine.so ./libother.so --quick      two runtimes side by side, a first look
  {0} --explain PARK-094                      what a clause asks, and of whom
  {0} ./libmine.so --format terminal --format junit:report.xml
  {0} ./libmine.so --replay TOKEN --debugger  the gdb command for a case that failed
)";

// ---- Splitting ----------------------------------------------------------------------------------

// Defines the options on CLI11's parser, and remembers which kind each is of.
class Grammar {
 public:
  Grammar(CLI::App& parser, Written& written) : parser_(parser), written_(written) {
    parser_.set_help_flag("");
    parser_
        .add_option("SUBJECT", written_.subjects,
                    "A plug-in, or a program that hosts the suite; without one, the reference")
        ->type_name("");
    define_actions();
    define_selection();
    define_running();
    define_reports();
  }

  bool gave(std::string_view name) const {
    const CLI::Option* const option = parser_.get_option_no_throw(std::string(name));
    return option != nullptr && option->count() > 0;
  }

  /// The first option given that is of none of the kinds.
  std::optional<std::string> first_beyond(unsigned kinds) const {
    const auto found = std::find_if(kinds_.begin(), kinds_.end(), [&](const auto& entry) {
      return (entry.second & kinds) == 0 && gave(entry.first);
    });
    return found == kinds_.end() ? std::nullopt : std::optional(found->first);
  }

 private:
  CLI::Option* value(const char* name, Words& words, const char* type, const char* description) {
    return parser_.add_option(name, words, description)
        ->option_text(type)
        ->allow_extra_args(false)  // or a value would take the subjects behind it as well
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }

  CLI::Option* flag(const char* name, const std::string& description) {
    return parser_.add_flag(name, description)->disable_flag_override();
  }

  void of(Kind kind, CLI::Option* option, const char* group) {
    option->group(group);
    kinds_.emplace_back("--" + option->get_lnames().front(), kind);
  }

  void define_actions() {
    const char* const group = "Instead of judging";
    flag("--list", "Print the selected clauses")->group(group);
    value("--explain", written_.explain, "CLAUSE", "Say all about a clause")->group(group);
    flag("--describe", "Say what the subject offers, as JSON")->group(group);
    flag("--smoke", "Tell a broken adapter from a runtime that does not conform")->group(group);
    value("--replay", written_.replay, "TOKEN", "Run one failing case again")->group(group);
    of(of_replay, flag("--debugger", "With --replay: print the gdb command for it"), group);
    flag("-h,--help", "Print this")->group(group);
    flag("--version", "Print the versions of suite, catalogue and ABI")->group(group);
  }

  void define_selection() {
    const char* const group = "Which clauses";
    of(of_selection, value("--clause", written_.clauses, "GLOB", "Only ids like this; repeatable"),
       group);
    of(of_selection, value("--exclude", written_.excluded, "GLOB", "No ids like this; repeatable"),
       group);
    of(of_selection, value("--level", written_.level, "LEVEL", "Only must, profile or should"),
       group);
  }

  void define_running() {
    const char* const group = "How";
    of(of_generation, value("--seed", written_.seed, "N", "Of all that is generated [the clock]"),
       group);
    of(of_generation, value("--cases", written_.cases, "N", "Generated cases a property [50]"),
       group);
    of(of_generation, flag("--quick", "A first look: few cases a property"), group);
    of(of_running, value("--jobs", written_.jobs, "N", "Worker processes [one a processor]"),
       group);
    of(of_running,
       value("--timeout-factor", written_.timeout_factor, "F", "Stretches all deadlines [1]"),
       group);
    of(of_running, flag("--direct", "No child processes: for a debugger"), group);
  }

  void define_reports() {
    const char* const group = "Reports";
    of(of_report,
       value("--format", written_.formats, "FORMAT[:FILE]",
             "terminal, json or junit; repeatable [terminal]"),
       group);
    of(of_report,
       value("--color", written_.color, "WHEN", "auto, always or never; NO_COLOR is honoured"),
       group);
  }

  CLI::App& parser_;
  Written& written_;
  std::vector<std::pair<std::string, Kind>> kinds_;
};

// CLI11's complaints in one line of ours.
std::string complaint(const CLI::ParseError& error) {
  const std::string text = error.what();
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

template <class Number>
std::optional<Number> number_in(const std::string& text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

Read<void> read_count(std::string_view option, const Words& words, std::uint64_t minimum,
                      std::uint64_t maximum, std::uint64_t& into) {
  if (words.empty()) {
    return {};
  }
  const auto number = number_in<std::uint64_t>(words.front());
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
  const auto number = number_in<double>(words.front());
  // Written so that it refuses what is not a number, too.
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

// https://no-color.org: the variable counts when it is there and not empty.
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
  const std::array<std::pair<std::string_view, const Words*>, 8> single = {{
      {"--explain", &written.explain},
      {"--replay", &written.replay},
      {"--level", &written.level},
      {"--seed", &written.seed},
      {"--cases", &written.cases},
      {"--jobs", &written.jobs},
      {"--timeout-factor", &written.timeout_factor},
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

Read<void> check_fit(const Grammar& grammar, const ActionOption& action) {
  if (grammar.gave("--debugger") && action.action != Action::replay) {
    return tl::unexpected<std::string>(
        "--debugger needs --replay TOKEN: it prints the gdb command of a case");
  }
  if (const auto option = grammar.first_beyond(action.takes)) {
    return tl::unexpected(
        fmt::format("{} means nothing with {}: leave one of them out", *option, action.name));
  }
  if (grammar.gave("--quick") && grammar.gave("--cases")) {
    return tl::unexpected<std::string>(
        "--quick and --cases both choose the number of cases: give one of them");
  }
  if (grammar.gave("--direct") && grammar.gave("--jobs")) {
    return tl::unexpected<std::string>(
        "--direct and --jobs exclude each other: --direct starts no processes");
  }
  return {};
}

Read<void> read_numbers(const Written& written, Options& options) {
  std::uint64_t jobs = std::max(1U, std::thread::hardware_concurrency());
  const auto clock = std::chrono::system_clock::now().time_since_epoch().count();
  options.seed = static_cast<std::uint64_t>(clock);
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
      .and_then([&] { return read_color(written.color, options.color); })
      .and_then([&] { return read_reports(written.formats, options.reports); })
      .and_then([&] { return read_action(grammar); })
      .and_then([&](const ActionOption& action) {
        options.action = action.action;
        const Words& argument = action.action == Action::explain ? written.explain : written.replay;
        options.argument = argument.empty() ? "" : argument.front();
        return check_fit(grammar, action);
      })
      .map([&] { return std::move(options); });
}

std::string program_name(int argc, const char* const* argv) {
  const std::string path = argc > 0 ? argv[0] : "";
  const std::string name = std::filesystem::path(path).filename();
  return name.empty() ? "heddle-conform" : name;
}

std::string help(const CLI::App& parser, const std::string& program) {
  std::string text = fmt::format(
      "Judges thread runtimes clause by clause, each case in a process of its own.\n\n"
      "Usage: {} [SUBJECT...] [OPTIONS]\n\n"
      "A SUBJECT is a plug-in that exports heddle_subject, or a program that hosts the suite;\n"
      "without one, the reference is judged.\n",
      program);
  CLI::Formatter formatter;
  formatter.column_width(30);
  text += formatter.make_groups(&parser, CLI::AppFormatMode::Normal);
  for (std::size_t gap = 0; (gap = text.find("\n\n\n")) != std::string::npos;) {
    text.erase(gap, 1);
  }
  return text + "\n" + fmt::format(after_the_options, program);
}

}  // namespace

tl::expected<Options, Refusal> parse(int argc, const char* const* argv) {
  const std::string program = program_name(argc, argv);
  const auto mistake = [&](const std::string& text) {
    return tl::unexpected(
        Refusal{exit_usage, fmt::format("{0}: {1} ({0} --help says more)\n", program, text)});
  };
  CLI::App parser;
  Written written;
  const Grammar grammar(parser, written);
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return mistake(complaint(error));
  }
  if (grammar.gave("--help")) {
    return tl::unexpected(Refusal{exit_conforming, help(parser, program)});
  }
  if (grammar.gave("--version")) {
    return tl::unexpected(
        Refusal{exit_conforming,
                fmt::format("heddle-conform {}, catalogue {}, subject ABI {}.{}\n", HEDDLE_VERSION,
                            catalogue_version, static_cast<int>(HEDDLE_ABI_MAJOR),
                            static_cast<int>(HEDDLE_ABI_MINOR))});
  }
  return read(grammar, written).map_error([&](const std::string& text) {
    return mistake(text).value();
  });
}

}  // namespace heddle::conformance
