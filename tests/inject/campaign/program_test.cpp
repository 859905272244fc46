// What real programs need: input, folders, clients, scripts.
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "campaign.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

namespace fs = std::filesystem;

TEST_CASE("each run reads standard input from its beginning") {
  const TestFolder folder;
  std::ofstream(folder.file("input")) << "text\n";
  const auto server = GENERATE(true, false);
  std::vector<std::string> options{"--errors", "likely", "--stdin", folder.file("input")};
  if (!server) {
    options.emplace_back("--no-fork-server");
  }
  const FinishedProcess process = explore(folder.file("log"), options, {ONE_BUG, "copies-input"});
  INFO(process.output << process.errors);
  CHECK(process.status == 0);
  CHECK(read(folder.file("log")).recording.status == "exit status 0");
}

TEST_CASE("each run gets a fresh copy of the working folder, and none is left") {
  const TestFolder folder;
  fs::create_directory(folder.file("work"));
  const fs::path copies = folder.file("temporary");
  fs::create_directory(copies);
  const FinishedProcess process =
      run({HEDDLE_INJECT_PROGRAM, "explore", "--log", folder.file("log"), "--errors", "likely",
           "--workdir-copy", folder.file("work"), "--", ONE_BUG, "writes-file"},
          {{"TMPDIR", copies}});
  INFO(process.output << process.errors);
  CHECK(process.status == 0);
  const inject::CampaignReport report = read(folder.file("log"));
  CHECK(report.recording.status == "exit status 0");
  CHECK(verdict_of(report, "pthread_create", "EAGAIN", "once") == "reported");
  CHECK(fs::is_empty(folder.file("work")));
  CHECK(fs::is_empty(copies));
}

TEST_CASE("a server is used by its client when it is ready, and then stopped") {
  const TestFolder folder;
  fs::create_directory(folder.file("work"));
  const FinishedProcess process =
      explore(folder.file("log"),
              {"--errors", "likely", "--workdir-copy", folder.file("work"), "--ready", "^ready$",
               // The thread that answers has the time that it needs, and no more than that.
               "--then",
               "n=0; until [ -s answer ] || [ $n = 50 ]; do n=$((n+1)); sleep 0.02; "
               "done; cat answer",
               "--stop-signal", "INT"},
              {ONE_BUG, "serves"});
  INFO(process.output << process.errors);
  const inject::CampaignReport report = read(folder.file("log"));
  CHECK(report.recording.status == "signal 2 (SIGINT)");
  CHECK(verdict_of(report, "pthread_create", "EAGAIN", "once") == "out of service");
  CHECK(report.faults.front().evidence ==
        "the client: exit status 1 instead of exit status 0, when run again after the fault was "
        "lifted");
}

TEST_CASE("a server that never says that it is ready is refused, with what it says") {
  const TestFolder folder;
  const auto [script, reason] = GENERATE(table<std::string, std::string>(
      {{"echo listening on port 1; echo >&2 'ready\033[2J?'; sleep 1000",
        "it writes 'listening on port 1', 'ready\\x1b[2J?'; write the expression"},
       {"sleep 1000", "it writes none"},
       {"echo 1; echo 2; echo 3; echo 4; echo 5", "it writes '1', '2', '3' and 2 more"}}));
  const FinishedProcess process = explore(
      folder.file("log"), {"--timeout", "300ms", "--ready", "^ready$"}, {"sh", "-c", script});
  INFO(process.errors);
  CHECK(process.status == 2);
  CHECK(process.errors.find("no line that the program writes matches --ready '^ready$': " +
                            reason) != std::string::npos);
  CHECK(std::count(process.errors.begin(), process.errors.end(), '\n') == 1);
}

TEST_CASE("behind a script, the program that is meant is chosen with --exe") {
  const TestFolder folder;
  const fs::path script = folder.file("script");
  std::ofstream(script) << "#!/bin/sh\n" << ONE_BUG << " crashes\n";
  chmod(script.c_str(), 0755);
  const fs::path program = ONE_BUG;
  const FinishedProcess process =
      explore(folder.file("log"), {"--errors", "likely", "--exe", program.filename()}, {script});
  INFO(process.output << process.errors);
  CHECK(process.status == 1);
  const inject::CampaignReport report = read(folder.file("log"));
  CHECK(verdict_of(report, "pthread_create", "EAGAIN", "once") == "crashed");
  // By default it would be the script's interpreter, which makes no such call.
  const FinishedProcess other =
      explore(folder.file("other"), {"--calls", "pthread_create"}, {script});
  CHECK(other.status == 4);
  CHECK(other.errors.find(program.filename().string() + ": ") != std::string::npos);
}

/// Processes that have the text in their environment.
int processes_with(const std::string& text) {
  int count = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "environ", std::ios::binary);
    const std::string environment{std::istreambuf_iterator<char>(file), {}};
    count += environment.find(text) != std::string::npos ? 1 : 0;
  }
  return count;
}

TEST_CASE("what a run leaves behind is ended with it") {
  // Each run has a grandchild that would live for ever, with the output in its hands. The folder's
  // name, which nobody else has, marks them.
  const TestFolder folder;
  const std::string mark = folder.file("log");
  const FinishedProcess process =
      run({HEDDLE_INJECT_PROGRAM, "explore", "--log", folder.file("log"), "--errors", "likely",
           "--", ONE_BUG, "crashes-in-child"},
          {{"HEDDLE_TEST_MARK", mark}});
  CHECK(process.status == 1);
  CHECK(processes_with(mark) == 0);
}

}  // namespace
}  // namespace heddle::tests
