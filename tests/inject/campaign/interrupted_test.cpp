// What comes of a campaign that is stopped, interrupted or killed, and of its log.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <optional>

#include "campaign.hpp"
#include "campaign/log_file.hpp"
#include "process/leftovers.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string>& program() {
  static const std::vector<std::string> words{ONE_BUG, "degrades"};
  return words;
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// heddle-inject with a program whose first fault, or run, hangs for much longer than a test waits.
/// Killed with the object.
class Unending {
 public:
  explicit Unending(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), HEDDLE_INJECT_PROGRAM);
    std::vector<char*> words;
    for (std::string& argument : arguments) {
      words.push_back(argument.data());
    }
    words.push_back(nullptr);
    process_ = fork();
    REQUIRE(process_ >= 0);
    if (process_ == 0) {
      const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
      dup2(null, STDOUT_FILENO);
      dup2(null, STDERR_FILENO);
      execv(words[0], words.data());
      _exit(127);
    }
  }
  ~Unending() { end(SIGKILL); }
  Unending(const Unending&) = delete;
  Unending& operator=(const Unending&) = delete;

  pid_t process() const { return process_; }

  /// Sends the signal, unless it is 0, and waits for the end; returns the wait status.
  int end(int signal) {
    int wait_status = 0;
    if (process_ > 0) {
      kill(process_, signal);
      waitpid(process_, &wait_status, 0);
      process_ = 0;
    }
    return wait_status;
  }

 private:
  pid_t process_ = 0;
};

/// Polls, and decides nothing.
template <typename Condition>
void await(const Condition& condition) {
  while (!condition()) {
    usleep(10000);
  }
}

TEST_CASE("a log that is being written is given to no other campaign, until its writer has ended") {
  const TestFolder folder;
  const fs::path log = folder.file("log");
  const std::vector<std::string> hangs{ONE_BUG, "hangs"};
  Unending first(
      {"explore", "--log", log, "--errors", "likely", "--timeout", "60s", "--", ONE_BUG, "hangs"});
  await([&] { return content_of(log).find("\"type\":\"site\"") != std::string::npos; });
  for (const auto& options : {std::vector<std::string>{"--resume"}, std::vector<std::string>{}}) {
    const FinishedProcess second = explore(log, options, hangs);
    CHECK(second.status == 2);
    CHECK(second.errors.find("another heddle-inject") != std::string::npos);
    CHECK(std::count(second.errors.begin(), second.errors.end(), '\n') == 1);
  }
  // Whatever goes on a little longer, such as a worker that learns of it.
  first.end(SIGKILL);
  CHECK(inject::LogFile::open(log).has_value());
}

TEST_CASE("a log that was cut short in its header is begun anew, with --resume and without") {
  const TestFolder folder;
  const fs::path log = folder.file("log");
  explore(log, {"--budget", "1"}, program());
  const std::string whole = content_of(log);
  const std::size_t header = whole.find('\n');
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, header / 2, header}) {
    for (const char* option : {"--pairs", "--resume"}) {
      INFO(size << ' ' << option);
      std::ofstream(log) << whole.substr(0, size);
      CHECK(explore(log, {option, "--calls", "pthread_create"}, program()).status == 1);
      CHECK(read(log).summary->not_run == 0);
    }
  }
}

TEST_CASE("a log that was cut short before its first fault gets all of its sites") {
  const TestFolder folder;
  const fs::path log = folder.file("log");
  explore(log, {"--errors", "hostile", "--budget", "1"}, program());
  const std::string whole = content_of(log);
  const std::string cut = whole.substr(0, whole.find("\"type\":\"site\"") + 5);
  std::ofstream(log) << cut;
  CHECK(explore(log, {"--errors", "hostile", "--resume"}, program()).status == 1);
  CHECK(read(log).summary->sites == 2);
  CHECK(read(log).summary->faults == 36);
  // A campaign of other options has no say in it.
  std::ofstream(log) << cut;
  CHECK(explore(log, {"--errors", "hostile", "--resume", "--occurrences", "2"}, program()).status ==
        2);
  CHECK(content_of(log) == cut);
}

TEST_CASE("a fault whose line lacks nothing but its end is tried again, and is there once") {
  const TestFolder folder;
  const fs::path log = folder.file("log");
  explore(log, {"--calls", "pthread_create"}, program());
  const std::vector<std::string> options{"--calls", "pthread_create", "--resume"};
  std::string whole = content_of(log);
  whole.erase(whole.find("\n{", whole.find("\"type\":\"fault\"")));
  std::ofstream(log) << whole;
  explore(log, options, program());
  const inject::CampaignReport report = read(log);
  CHECK(report.faults.size() == report.summary->faults);
  CHECK(report.summary->not_run == 0);
}

/// The log without what may differ between two campaigns: times.
std::string timeless(inject::CampaignReport report) {
  report.recording.milliseconds = 0;
  for (inject::FaultRun& fault : report.faults) {
    fault.milliseconds = 0;
  }
  report.summary->seconds = 0;
  return inject::to_lines(report);
}

TEST_CASE("a campaign that is stopped for longer than its deadline has the verdicts of another") {
  const TestFolder folder;
  const std::vector<std::string> options{"--timeout", "2s",      "--errors",
                                         "likely",    "--calls", "pthread_create"};
  explore(folder.file("other"), options, program());
  const fs::path log = folder.file("log");
  std::vector<std::string> arguments{"explore", "--log", log};
  arguments.insert(arguments.end(), options.begin(), options.end());
  arguments.insert(arguments.end(), {"--", program()[0], program()[1]});
  Unending tool(arguments);
  await([&] { return content_of(log).find("\"type\":\"site\"") != std::string::npos; });
  const std::vector<pid_t> tree = inject::process_tree(tool.process());
  for (const pid_t process : tree) {
    kill(process, SIGSTOP);
  }
  sleep(3);
  for (const pid_t process : tree) {
    kill(process, SIGCONT);
  }
  const int wait_status = tool.end(0);
  REQUIRE(WIFEXITED(wait_status));
  CHECK(timeless(read(log)) == timeless(read(folder.file("other"))));
}

TEST_CASE("every command that runs a program ends with 130 when it is interrupted") {
  const TestFolder folder;
  const fs::path begun = folder.file("begun");
  const std::string script = "echo $$ >" + begun.string() + "; exec sleep 1000";
  const auto command =
      GENERATE(values<std::vector<std::string>>({{"sites"},
                                                 {"record", "--log", "log"},
                                                 {"explore", "--log", "log"},
                                                 {"shrink", "-e", "mmap:error=ENOMEM"}}));
  std::vector<std::string> arguments = command;
  if (arguments.size() > 2 && arguments[1] == "--log") {
    arguments[2] = folder.file("log");
  }
  arguments.insert(arguments.end(), {"--", "sh", "-c", script});
  INFO(arguments.front());
  Unending tool(arguments);
  pid_t run = 0;
  await([&] { return std::ifstream(begun) >> run && run > 0; });
  const int wait_status = tool.end(GENERATE(SIGINT, SIGTERM));
  REQUIRE(WIFEXITED(wait_status));
  CHECK(WEXITSTATUS(wait_status) == 130);
  // Its run has ended with it.
  CHECK(kill(run, 0) != 0);
}

TEST_CASE("a fork server that does not answer is not waited for when the campaign is interrupted") {
  const TestFolder folder;
  // The tool looks through one level of #!, so that it does not notice a static program behind two.
  const fs::path interpreter = folder.file("interpreter");
  const fs::path script = folder.file("script");
  std::ofstream(interpreter) << "#!" STATIC_SLEEPER "\n";
  std::ofstream(script) << "#!" << interpreter.string() << '\n';
  fs::permissions(interpreter, fs::perms::owner_all);
  fs::permissions(script, fs::perms::owner_all);
  Unending tool({"explore", "--log", folder.file("log"), "--", script});
  await([&] {
    const std::vector<pid_t> tree = inject::process_tree(tool.process());
    return std::ranges::any_of(tree, [](pid_t process) {
      return content_of("/proc/" + std::to_string(process) + "/comm") == "script\n";
    });
  });
  // A tool that waited would execute the program once more, without a server, and could not.
  fs::remove(interpreter);
  const int wait_status = tool.end(SIGINT);
  REQUIRE(WIFEXITED(wait_status));
  CHECK(WEXITSTATUS(wait_status) == 130);
}

}  // namespace
}  // namespace heddle::tests
