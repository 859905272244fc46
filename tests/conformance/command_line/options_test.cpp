// The command line: what it asks for, and its mistakes one by one.
#include "command_line/options.hpp"

#include <pty.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "command_line/option_grammar.hpp"
#include "conformance/sample_run.hpp"
#include "support/catch.hpp"
#include "support/text_lines.hpp"

namespace heddle::conformance::views {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Matches;
using Words = std::vector<const char*>;

tl::expected<Options, Refusal> parse_words(Words words) {
  words.insert(words.begin(), "/somewhere/heddle-conform");
  words.push_back(nullptr);
  return parse(static_cast<int>(words.size()) - 1, words.data());
}

Options options_of(const Words& words) {
  const auto options = parse_words(words);
  if (!options) {
    FAIL(options.error().text);
  }
  return *options;
}

// The one line with which the words are refused.
std::string mistake_in(const Words& words) {
  const auto options = parse_words(words);
  REQUIRE_FALSE(options.has_value());
  CHECK(options.error().exit_code == exit_usage);
  const std::string& text = options.error().text;
  CHECK(tests::lines_of(text).size() == 1);
  CHECK(text.back() == '\n');
  CHECK_THAT(text, Catch::Matchers::StartsWith("heddle-conform: "));
  return text;
}

TEST_CASE("without words the default subject is judged and reported on the terminal") {
  const Options options = options_of({});
  CHECK(options.action == Action::run);
  CHECK(options.subjects.empty());
  CHECK(options.clauses.empty());
  CHECK(options.cases == 50);
  CHECK(options.jobs >= 1);
  CHECK(options.timeout_factor == 1.0);
  REQUIRE(options.reports.size() == 1);
  CHECK(options.reports[0].format == Format::terminal);
  CHECK(options.reports[0].file.empty());
}

TEST_CASE("all words of a run are understood, in any order") {
  const Options options =
      options_of({"--clause", "park-*", "./a.so", "--exclude=PARK-09?", "--clause", "spawn*",
                  "./b.so", "--level", "must", "--seed", "18446744073709551615", "--cases", "7",
                  "--jobs", "3", "--timeout-factor", "2.5"});
  CHECK(options.subjects == std::vector<std::string>{"./a.so", "./b.so"});
  CHECK(options.clauses == std::vector<std::string>{"park-*", "spawn*"});
  CHECK(options.excluded == std::vector<std::string>{"PARK-09?"});
  CHECK(options.level == "must");
  CHECK(options.seed == UINT64_MAX);
  CHECK(options.cases == 7);
  CHECK(options.jobs == 3);
  CHECK(options.timeout_factor == 2.5);
}

TEST_CASE("a new subject is asked for by its language and a folder") {
  for (const char* const language : {"c", "c++", "rust", "d"}) {
    const Options options = options_of({"--new-subject", language, "folder"});
    CHECK(options.action == Action::new_subject);
    CHECK(options.argument == language);
    CHECK(options.subjects == std::vector<std::string>{"folder"});
  }
  for (const char* const language : {"ada", "Rust", ""}) {
    CHECK_THAT(mistake_in({"--new-subject", language, "folder"}),
               ContainsSubstring("must be c, c++, rust or d"));
  }
  CHECK_THAT(mistake_in({"--new-subject", "c"}),
             ContainsSubstring("one folder to write to, not 0"));
  CHECK_THAT(mistake_in({"--new-subject", "c", "a", "b"}), ContainsSubstring("not 2"));
  CHECK_THAT(mistake_in({"--new-subject", "c", ""}), ContainsSubstring("is empty"));
  CHECK_THAT(mistake_in({"--new-subject", "c", "a", "--quick"}),
             ContainsSubstring("--quick means nothing with --new-subject"));
}

TEST_CASE("a lane is chosen by its name, also for a replay") {
  CHECK(options_of({}).check == MemoryCheck::none);
  CHECK(options_of({"--check", "memcheck"}).check == MemoryCheck::memcheck);
  CHECK(options_of({"--replay", "token", "--check", "leaks"}).check == MemoryCheck::leaks);
}

TEST_CASE("each action is recognised with its argument") {
  CHECK(options_of({"--list"}).action == Action::list);
  CHECK(options_of({"--describe"}).action == Action::describe);
  CHECK(options_of({"--smoke"}).action == Action::smoke);
  CHECK(options_of({"--explain", "PARK-094"}).action == Action::explain);
  CHECK(options_of({"--explain", "PARK-094"}).argument == "PARK-094");
  CHECK(options_of({"--replay", "token"}).action == Action::replay);
  CHECK(options_of({"--replay", "token"}).argument == "token");
}

TEST_CASE("flags are understood") {
  CHECK(options_of({"--quick"}).quick);
  CHECK(options_of({"--replay", "token", "--direct"}).direct);
  CHECK(options_of({"--replay", "token", "--debugger"}).debugger);
}

TEST_CASE("formats are repeatable, and a file may stand behind each, colons and all") {
  const Options options =
      options_of({"--format", "terminal", "--format", "junit:a:b.xml", "--format", "json:log"});
  REQUIRE(options.reports.size() == 3);
  CHECK(options.reports[0].format == Format::terminal);
  CHECK(options.reports[1].format == Format::junit);
  CHECK(options.reports[1].file == "a:b.xml");
  CHECK(options.reports[2].format == Format::json);
  CHECK(options.reports[2].file == "log");
}

TEST_CASE("what follows two dashes is a subject") {
  CHECK(options_of({"--", "--list"}).subjects == std::vector<std::string>{"--list"});
}

// A pseudo terminal as standard output: without one, nothing would be coloured anyway.
class TerminalAsStandardOutput {
 public:
  TerminalAsStandardOutput() : saved_(::dup(STDOUT_FILENO)) {
    REQUIRE(saved_ != -1);
    REQUIRE(::openpty(&master_, &terminal_, nullptr, nullptr, nullptr) == 0);
    ::dup2(terminal_, STDOUT_FILENO);
  }
  TerminalAsStandardOutput(const TerminalAsStandardOutput&) = delete;
  TerminalAsStandardOutput& operator=(const TerminalAsStandardOutput&) = delete;
  ~TerminalAsStandardOutput() {
    ::dup2(saved_, STDOUT_FILENO);
    for (const int descriptor : {saved_, terminal_, master_}) {
      ::close(descriptor);
    }
  }

 private:
  int saved_;
  int master_ = -1;
  int terminal_ = -1;
};

bool colored_on_a_terminal(const Words& words, const char* no_color, const char* terminal) {
  ::setenv("NO_COLOR", no_color, 1);
  ::setenv("TERM", terminal, 1);
  const TerminalAsStandardOutput standard_output;
  return options_of(words).color;
}

TEST_CASE("a terminal is coloured unless NO_COLOR or TERM say otherwise") {
  CHECK(colored_on_a_terminal({}, "", "xterm"));
  CHECK_FALSE(colored_on_a_terminal({}, "1", "xterm"));
  CHECK_FALSE(colored_on_a_terminal({}, "", "dumb"));
}

TEST_CASE("the last word over terminal and environment is that of --color") {
  CHECK(colored_on_a_terminal({"--color", "always"}, "1", "dumb"));
  CHECK_FALSE(colored_on_a_terminal({"--color", "never"}, "", "xterm"));
}

TEST_CASE("help shows every option, the exit codes and examples, within 100 columns") {
  const auto help = parse_words({"--help"});
  REQUIRE_FALSE(help.has_value());
  CHECK(help.error().exit_code == 0);
  for (const char* part : {"--list",
                           "--explain CLAUSE",
                           "--describe",
                           "--smoke",
                           "--replay TOKEN",
                           "--debugger",
                           "--clause GLOB",
                           "--exclude GLOB",
                           "--level LEVEL",
                           "--seed N",
                           "--cases N",
                           "--quick",
                           "--jobs N",
                           "--check WHAT",
                           "--timeout-factor F",
                           "--direct",
                           "--format FORMAT[:FILE]",
                           "--color WHEN",
                           "--version",
                           "Exit codes:",
                           "Examples:",
                           "143"}) {
    CHECK_THAT(help.error().text, ContainsSubstring(part));
  }
  for (const std::string& line : tests::lines_of(help.error().text)) {
    CHECK(line.size() <= 100);
  }
}

TEST_CASE("the version is one line, with the numbers of what the suite shares with others") {
  const auto version = parse_words({"--version"});
  REQUIRE_FALSE(version.has_value());
  CHECK(version.error().exit_code == 0);
  CHECK_THAT(version.error().text,
             Matches(R"(heddle-conform \d+\.\d+\.\d+, catalogue \d+, subject ABI \d+\.\d+, )"
                     R"(report schema \d+, protocol \d+\n)"));
}

TEST_CASE("the words that completions offer are accepted, and no others") {
  for (const auto& [option, words] : words_of_options) {
    std::istringstream stream{std::string(words)};
    for (std::string word; stream >> word;) {
      CAPTURE(option, word);
      CHECK(parse_words({std::string(option).c_str(), word.c_str(), "subject"}).has_value());
      CHECK_FALSE(parse_words({std::string(option).c_str(), (word + "x").c_str()}).has_value());
    }
  }
}

struct Mistake {
  Words words;
  const char* asked;
  const char* allowed;
};

TEST_CASE("a bad value is answered with what was asked and what is allowed") {
  const std::vector<Mistake> mistakes = {
      {{"--seed", "x"}, "--seed 'x'", "from 0 to 18446744073709551615"},
      {{"--seed", "-1"}, "--seed '-1'", "whole number"},
      {{"--seed", "18446744073709551616"}, "--seed '18446744073709551616'", "whole number"},
      {{"--cases", "0"}, "--cases '0'", "from 1 to 1000000"},
      {{"--cases", "5x"}, "--cases '5x'", "whole number"},
      {{"--jobs", "0"}, "--jobs '0'", "from 1 to 512"},
      {{"--jobs", "1e3"}, "--jobs '1e3'", "whole number"},
      {{"--timeout-factor", "0"}, "--timeout-factor '0'", "from 0.1 to 1000"},
      {{"--timeout-factor", "nan"}, "--timeout-factor 'nan'", "from 0.1 to 1000"},
      {{"--timeout-factor", "fast"}, "--timeout-factor 'fast'", "from 0.1 to 1000"},
      {{"--check", "valgrind"}, "--check 'valgrind'", "memcheck or leaks"},
      {{"--level", "MUST"}, "--level 'MUST'", "must, profile or should"},
      {{"--color", "blue"}, "--color 'blue'", "auto, always or never"},
      {{"--format", "xml"}, "--format 'xml'", "terminal, json or junit"},
      {{"--format", "junit:"}, "--format 'junit:'", "a file name"},
  };
  for (const Mistake& mistake : mistakes) {
    const std::string text = mistake_in(mistake.words);
    CHECK_THAT(text, ContainsSubstring(mistake.asked));
    CHECK_THAT(text, ContainsSubstring(mistake.allowed));
  }
}

TEST_CASE("a missing, empty or superfluous value is a mistake") {
  CHECK_THAT(mistake_in({"--seed"}), ContainsSubstring("--seed needs a value"));
  CHECK_THAT(mistake_in({"--seed="}), ContainsSubstring("--seed needs a value"));
  CHECK_THAT(mistake_in({"--clause", ""}), ContainsSubstring("--clause is empty"));
  CHECK_THAT(mistake_in({"--replay", ""}), ContainsSubstring("--replay is empty"));
  CHECK_THAT(mistake_in({""}), ContainsSubstring("SUBJECT is empty"));
  CHECK_THAT(mistake_in({"--list", "--format", "junit"}), ContainsSubstring("terminal or json"));
  CHECK_THAT(mistake_in({"--list", "--format", "json:FILE"}), ContainsSubstring("standard output"));
  CHECK_THAT(mistake_in({"--list=3"}), ContainsSubstring("--list takes no value"));
}

TEST_CASE("an option that does not exist is named") {
  CHECK_THAT(mistake_in({"--claus", "x"}), ContainsSubstring("there is no option --claus "));
  CHECK_THAT(mistake_in({"-x"}), ContainsSubstring("there is no option -x "));
}

TEST_CASE("an option of one value cannot be given twice") {
  CHECK_THAT(mistake_in({"--seed", "1", "--seed", "2"}),
             ContainsSubstring("twice, as '1' and '2'"));
  CHECK_THAT(mistake_in({"--explain", "A", "--explain", "B"}),
             ContainsSubstring("twice, as 'A' and 'B'"));
}

TEST_CASE("two actions exclude each other") {
  CHECK_THAT(mistake_in({"--list", "--replay", "token"}), ContainsSubstring("--list and --replay"));
  CHECK_THAT(mistake_in({"--smoke", "--describe"}), ContainsSubstring("--describe and --smoke"));
}

TEST_CASE("options that would do nothing beside the action are mistakes") {
  CHECK_THAT(mistake_in({"--debugger"}), ContainsSubstring("--debugger needs --replay"));
  CHECK_THAT(mistake_in({"--debugger", "--list"}), ContainsSubstring("--debugger needs --replay"));
  CHECK_THAT(mistake_in({"--direct"}), ContainsSubstring("--direct needs --replay"));
  CHECK_THAT(mistake_in({"--replay", "token", "--direct", "--format", "json"}),
             ContainsSubstring("--format means nothing with --direct"));
  CHECK_THAT(mistake_in({"--replay", "token", "--direct", "--check", "leaks"}),
             ContainsSubstring("--check means nothing with --direct"));
  CHECK_THAT(mistake_in({"--smoke", "--check", "leaks"}),
             ContainsSubstring("--check means nothing with --smoke"));
  CHECK_THAT(mistake_in({"--replay", "token", "--jobs", "3"}),
             ContainsSubstring("--jobs means nothing with --replay"));
  CHECK_THAT(mistake_in({"--list", "--cases", "3"}),
             ContainsSubstring("--cases means nothing with --list"));
  CHECK_THAT(mistake_in({"--replay", "token", "--clause", "park*"}),
             ContainsSubstring("--clause means nothing with --replay"));
  CHECK_THAT(mistake_in({"--explain", "PARK-094", "--format", "json"}),
             ContainsSubstring("--format means nothing with --explain"));
  CHECK_THAT(mistake_in({"--smoke", "--level", "must"}),
             ContainsSubstring("--level means nothing with --smoke"));
}

TEST_CASE("options that contradict each other are mistakes") {
  CHECK_THAT(mistake_in({"--quick", "--cases", "3"}), ContainsSubstring("--quick and --cases"));
  CHECK_THAT(mistake_in({"--replay", "token", "--direct", "--debugger"}),
             ContainsSubstring("--debugger and --direct"));
  CHECK_THAT(mistake_in({"--replay", "token", "./a.so", "./b.so"}),
             ContainsSubstring("one SUBJECT"));
}

TEST_CASE("two reports cannot go to one place") {
  CHECK_THAT(mistake_in({"--format", "json", "--format", "junit"}),
             ContainsSubstring("standard output"));
  CHECK_THAT(mistake_in({"--format", "json:log", "--format", "junit:./log"}),
             ContainsSubstring("./log"));
}

}  // namespace
}  // namespace heddle::conformance::views
