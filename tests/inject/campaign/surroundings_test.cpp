// What heddle-inject is started in: signals that are ignored or blocked, limits, closed
// descriptors, a terminal. Its own work does not depend on any of it, and the program finds it as
// it was.
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "campaign.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

namespace fs = std::filesystem;

using Command = std::vector<std::string>;

/// A shell that does `first`, and then becomes the command.
FinishedProcess run_after(const std::string& first, const Command& command) {
  Command whole{"sh", "-c", first + "\nexec \"$@\"", "sh"};
  whole.insert(whole.end(), command.begin(), command.end());
  return run(whole);
}

TEST_CASE("a campaign whose starter ignores SIGCHLD sees how each run ends") {
  const TestFolder folder;
  const auto option = GENERATE("--fork-server", "--no-fork-server");
  // Not by trap: dash does not hand that on for this signal.
  Command command{"env",
                  "--ignore-signal=CHLD",
                  HEDDLE_INJECT_PROGRAM,
                  "explore",
                  "--log",
                  folder.file("log"),
                  "--errors",
                  "likely"};
  if (option == std::string("--no-fork-server")) {
    command.emplace_back(option);
  }
  command.insert(command.end(), {"--", ONE_BUG, "crashes"});
  const FinishedProcess process = run(command);
  INFO(process.output << process.errors);
  CHECK(process.status == 1);
  const inject::CampaignReport report = read(folder.file("log"));
  CHECK(report.recording.fork_server == (option == std::string("--fork-server")));
  CHECK(verdict_of(report, "pthread_create", "EAGAIN", "once") == "crashed");
}

/// What a program inherits, as the kernel tells it of itself. A campaign forbids core dumps.
constexpr const char* tell_inherited =
    "grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status; grep -v core /proc/self/limits; "
    "ls /proc/self/fd | grep -x '[012]'";

TEST_CASE("run gives the program what it has inherited itself") {
  const auto first = GENERATE("trap '' CHLD HUP PIPE XFSZ USR1",
                              "ulimit -S -n 99; ulimit -S -f 1000; ulimit -S -s 4096", "exec 0<&-",
                              "exec 1>&2 2>&-", "trap '' HUP INT QUIT TERM; exec 0<&- 2>&-");
  const Command program{"sh", "-c", tell_inherited};
  Command command{HEDDLE_INJECT_PROGRAM, "run", "-e", "mmap:error=ENOMEM:when=9999", "--"};
  command.insert(command.end(), program.begin(), program.end());
  INFO(first);
  const FinishedProcess plain = run_after(first, program);
  const FinishedProcess process = run_after(first, command);
  CHECK_FALSE((plain.output + plain.errors).empty());
  CHECK(process.output == plain.output);
  CHECK(process.errors.starts_with(plain.errors));
  CHECK(process.status == plain.status);
}

TEST_CASE("run gives the program the signal mask that it has inherited itself") {
  // A shell would unblock them.
  const Command program{"env", "--block-signal=USR1,TERM,CHLD", "grep", "^SigBlk",
                        "/proc/self/status"};
  Command command = program;
  command.insert(command.begin() + 2,
                 {HEDDLE_INJECT_PROGRAM, "run", "-e", "mmap:error=ENOMEM:when=9999", "--"});
  const FinishedProcess plain = run(program);
  CHECK(plain.output.find("SigBlk:\t0000000000014200") != std::string::npos);
  CHECK(run(command).output == plain.output);
}

TEST_CASE("each run of a campaign has what the campaign has inherited") {
  const TestFolder folder;
  const std::string script = std::string(tell_inherited) + " >" + folder.file("seen").string() +
                             "; " + ONE_BUG + " reports";
  const std::string first = "trap '' HUP CHLD PIPE; ulimit -S -n 99; ulimit -S -f 100000";
  run_after(first, {"sh", "-c", script});
  std::ifstream plain_file(folder.file("seen"));
  const std::string plain{std::istreambuf_iterator<char>(plain_file), {}};
  REQUIRE_FALSE(plain.empty());
  for (const bool server : {true, false}) {
    Command command{HEDDLE_INJECT_PROGRAM, "sites", "--", "sh", "-c", script};
    if (!server) {
      command.insert(command.begin() + 2, "--no-fork-server");
    }
    std::ofstream(folder.file("seen"), std::ios::trunc);
    run_after(first, command);
    std::ifstream file(folder.file("seen"));
    CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == plain);
  }
}

TEST_CASE(
    "with its standard descriptors closed a campaign writes its log, and nothing else there") {
  const TestFolder folder;
  const fs::path log = folder.file("log");
  const FinishedProcess process =
      run_after("exec 0<&- 1>&- 2>&-", {HEDDLE_INJECT_PROGRAM, "explore", "--log", log, "--errors",
                                        "likely", "--", ONE_BUG, "crashes"});
  CHECK(process.output.empty());
  const inject::CampaignReport report = read(log);
  CHECK(report.summary.has_value());
  CHECK(verdict_of(report, "pthread_create", "EAGAIN", "once") == "crashed");
}

TEST_CASE("a limit on the size of files is the reason that is given, with the status") {
  const TestFolder folder;
  const std::string log = folder.file("log");
  const FinishedProcess campaign =
      run_after("ulimit -f 1", {HEDDLE_INJECT_PROGRAM, "explore", "--log", log, "--errors",
                                "likely", "--", ONE_BUG, "reports"});
  CHECK(campaign.status == 6);
  CHECK(campaign.errors.find("File too large: raise the limit on the size of files") !=
        std::string::npos);
  const FinishedProcess once =
      run_after("ulimit -f 1", {HEDDLE_INJECT_PROGRAM, "run", "-e", "mmap:error=ENOMEM:when=9999",
                                "--", ONE_BUG, "reports"});
  CHECK(once.status == 125);
  CHECK(once.errors.find("ulimit -f") != std::string::npos);
  // What may be raised is raised.
  CHECK(run_after("ulimit -S -f 1", {HEDDLE_INJECT_PROGRAM, "explore", "--log", log, "--errors",
                                     "likely", "--", ONE_BUG, "reports"})
            .status == 0);
}

TEST_CASE("a limit on open files is the reason that is given, wherever it is met") {
  const TestFolder folder;
  const auto command = GENERATE(
      values<std::vector<std::string>>({{"sites"}, {"record", "--log"}, {"explore", "--log"}}));
  int refusals = 0;
  constexpr int not_loaded = 127;
  // With the fewest the dynamic linker cannot load the tool, since this test has inherited some;
  // with the most there are enough.
  for (int files = 4; files <= 24; ++files) {
    std::vector<std::string> words{HEDDLE_INJECT_PROGRAM};
    words.insert(words.end(), command.begin(), command.end());
    if (command.size() > 1) {
      words.push_back(folder.file("log" + std::to_string(files)));
    }
    words.insert(words.end(), {"--", ONE_BUG, "reports"});
    const FinishedProcess process = run_after("ulimit -n " + std::to_string(files), words);
    INFO(command.front() << " with " << files << ": " << process.errors);
    if (process.status != 0 && process.status != not_loaded) {
      ++refusals;
      CHECK(process.status == 6);
      CHECK(process.errors.find("raise the limit on open files (ulimit -n)") != std::string::npos);
      CHECK(std::count(process.errors.begin(), process.errors.end(), '\n') == 1);
    }
  }
  CHECK(refusals > 0);
}

/// Runs the command with a terminal of its own; returns what it prints there.
std::string run_on_terminal(const Command& command) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
  REQUIRE(child >= 0);
  if (child == 0) {
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  std::string printed;
  char part[4096];
  // EIO says that nobody has the terminal open any more.
  for (ssize_t count = 0; (count = ::read(terminal, &part[0], sizeof part)) > 0;) {
    printed.append(&part[0], static_cast<std::size_t>(count));
  }
  close(terminal);
  waitpid(child, nullptr, 0);
  return printed;
}

bool can_have_terminals() {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal >= 0) {
    close(terminal);
  }
  return terminal >= 0;
}

TEST_CASE("a campaign does not give its terminal to the program") {
  if (!can_have_terminals()) {
    WARN("left out: there are no terminals here (/dev/ptmx)");
    return;
  }
  const TestFolder folder;
  const std::string script =
      "if (echo words of the program >/dev/tty) 2>/dev/null; then echo yes; "
      "else echo no; fi >>" +
      folder.file("answers").string();
  REQUIRE(run_on_terminal({"sh", "-c", script}) == "words of the program\r\n");
  const auto option = GENERATE("--no-fork-server", "--raw");
  fs::remove(folder.file("answers"));
  const std::string printed =
      run_on_terminal({HEDDLE_INJECT_PROGRAM, "sites", option, "--", "sh", "-c", script});
  INFO(printed);
  CHECK(printed.find("words of the program") == std::string::npos);
  std::ifstream file(folder.file("answers"));
  std::string answer;
  CHECK(std::getline(file, answer));
  CHECK(answer == "no");
}

}  // namespace
}  // namespace heddle::tests
