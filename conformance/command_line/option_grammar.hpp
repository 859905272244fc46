// The options, their help texts, and what each is about: for options.cpp, and for what is made from
// the help.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heddle::conformance {

using Words = std::vector<std::string>;

// What an option is about. An action takes only the kinds that mean something to it, since a user
// who combines it with others expects something that would not happen. Options of a replay have
// rules of their own.
enum Kind : unsigned {
  of_action = 0,
  of_selection = 1U << 0U,
  of_generation = 1U << 1U,
  of_workers = 1U << 2U,
  of_deadlines = 1U << 3U,
  of_report = 1U << 4U,
  of_replay = 1U << 5U,
  of_format = 1U << 6U,
  of_memory = 1U << 7U,
};

// The command line as CLI11 has split it, with every value as it was written, in order.
struct Written {
  Words subjects, clauses, excluded, level, seed, cases, jobs, timeout_factor, formats, color;
  Words explain, replay, new_subject, check;
  std::vector<std::string> given;  // the options that were given, without their values
};

inline constexpr const char* after_the_options = R"(Exit codes:
  0  conforming                         5  nothing but flaky failures
  1  a MUST clause failed, or a         6  internal error of the suite
     PROFILE clause of its profile    130  interrupted (SIGINT)
  2  mistake on the command line      143  terminated (SIGTERM)
  3  a subject could not be loaded, or fails a smoke check and no clause
  4  nothing selected, or too little could be judged to speak of conforming

Examples:
  {0} ./libmine.so                            judge a runtime
  {0} ./libmine.so --clause 'park-*'          one group of clauses
  {0} ./libmine.so ./libother.so --quick      two runtimes side by side, a first look
  {0} --explain PARK-094                      what a clause asks, and of whom
  {0} ./libmine.so --format terminal --format junit:report.xml
  {0} ./libmine.so --check memcheck           no misuse of memory, and no leak
  {0} ./libmine.so --replay TOKEN --debugger  the gdb command for a case that failed
)";

// The options whose value is one of a few words, with these words.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 5> words_of_options = {{
    {"--level", "must profile should"},
    {"--check", "memcheck leaks"},
    {"--format", "terminal json junit"},
    {"--color", "auto always never"},
    {"--new-subject", "c c++ rust d"},
}};

// The options, defined on CLI11's parser, with the kind of each.
class Grammar {
 public:
  Grammar(CLI::App& parser, Written& written, const std::string& program)
      : parser_(parser), written_(written) {
    parser_.name(program);
    parser_.description(
        "Judges thread runtimes clause by clause, each case in a process of its own.");
    parser_.footer(fmt::format(after_the_options, program));
    parser_.set_help_flag("");
    parser_
        .add_option(
            "SUBJECT", written_.subjects,
            "A SUBJECT is a plug-in that exports heddle_subject, or a program that hosts the "
            "suite;\nwithout one, the reference is judged.")
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

  /// Returns the first given option that is of none of these kinds.
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
        ->allow_extra_args(false)  // or it would take the subjects behind its value, too
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
    value("--explain", written_.explain, "CLAUSE", "Explain a clause in full")->group(group);
    flag("--describe", "Say what the subject offers, as JSON")->group(group);
    flag("--smoke", "Tell a broken adapter from a runtime that does not conform")->group(group);
    value("--replay", written_.replay, "TOKEN", "Run one failing case again")->group(group);
    value("--new-subject", written_.new_subject, "LANGUAGE",
          "Write a project to begin with to the folder SUBJECT: c, c++, rust or d")
        ->group(group);
    of(of_replay, flag("--debugger", "With --replay: print the gdb command for it"), group);
    of(of_replay, flag("--direct", "With --replay: run it in this process, for a debugger"), group);
    flag("-h,--help", "Print this help")->group(group);
    flag("--version", "Print the versions of suite, catalogue, ABI, reports and protocol")
        ->group(group);
  }

  void define_selection() {
    const char* const group = "Which clauses";
    of(of_selection, value("--clause", written_.clauses, "GLOB", "Only ids that match; repeatable"),
       group);
    of(of_selection, value("--exclude", written_.excluded, "GLOB", "No ids that match; repeatable"),
       group);
    of(of_selection, value("--level", written_.level, "LEVEL", "Only must, profile or should"),
       group);
  }

  void define_running() {
    const char* const group = "How";
    of(of_generation,
       value("--seed", written_.seed, "N", "Seed of all generated programs [the clock]"), group);
    of(of_generation,
       value("--cases", written_.cases, "N", "Generated cases for each property [50]"), group);
    of(of_generation, flag("--quick", "A first look: few cases for each property"), group);
    of(of_workers, value("--jobs", written_.jobs, "N", "Worker processes [one for each processor]"),
       group);
    of(of_memory,
       value("--check", written_.check, "WHAT",
             "Watch the cases' memory: memcheck (Valgrind) or leaks (LeakSanitizer)"),
       group);
    of(of_deadlines,
       value("--timeout-factor", written_.timeout_factor, "F", "Factor for all deadlines [1]"),
       group);
  }

  void define_reports() {
    const char* const group = "Reports";
    of(of_format,
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

}  // namespace heddle::conformance
