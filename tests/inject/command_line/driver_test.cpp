// heddle-inject as its user meets it: exit status, messages, ways to start a program.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "support/catch.hpp"
#include "support/finished_process.hpp"

namespace heddle::tests {
namespace {

constexpr const char* rule = "mmap:error=ENOMEM:when=9999";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("the program's status is passed through") {
  CHECK(run_with_plan({rule}, {"sh", "-c", "exit 3"}).status == 3);
  CHECK(run_with_plan({rule}, {"sh", "-c", "kill -KILL $$"}).status == 128 + 9);
}

TEST_CASE("the version is one line, with the numbers of what the injector shares with others") {
  const FinishedProcess process = run({HEDDLE_INJECT_PROGRAM, "--version"});
  CHECK(process.status == 0);
  CHECK_THAT(process.output, Catch::Matchers::Matches(
                                 R"(heddle-inject \d+\.\d+\.\d+, log schema \d+, protocol \d+\n)"));
}

TEST_CASE("a signal that ended the program is named, and an exit status is not") {
  const auto last_line = [](const std::string& script) {
    const FinishedProcess process = run_with_plan({rule}, {"sh", "-c", script});
    const std::string errors = process.errors.substr(0, process.errors.size() - 1);
    return errors.substr(errors.rfind('\n') + 1);
  };
  CHECK(last_line("kill -SEGV $$") == "heddle-inject: the program ended with signal 11 (SIGSEGV)");
  CHECK(contains(last_line("exit 139"), "did not fire"));
}

TEST_CASE("a program of another user says who must start heddle-inject") {
  if (geteuid() != 0) {
    WARN("left out: only root may become another user");
    return;
  }
  const FinishedProcess process =
      run_with_plan({rule}, {"setpriv", "--reuid=65534", "--clear-groups", "true"});
  CHECK(process.status == 125);
  CHECK(contains(process.errors, "put heddle-inject inside, as in su USER -c 'heddle-inject run"));
}

TEST_CASE("the program gets its arguments as they are") {
  const FinishedProcess process =
      run_with_plan({rule}, {"sh", "-c", "echo \"$@\"", "name", "-e", "--must-fire", "--", "a b"});
  CHECK(process.output == "-e --must-fire -- a b\n");
}

TEST_CASE("with --must-fire a rule that did not fire is status 124") {
  const std::vector<std::string> command{MAKES_CALLS, "once", "sigaltstack", "1"};
  const auto status = [&](const std::string& when) {
    std::vector<std::string> whole{HEDDLE_INJECT_PROGRAM,
                                   "run",
                                   "--must-fire",
                                   "-e",
                                   "sigaltstack:error=EPERM:when=" + when,
                                   "--"};
    whole.insert(whole.end(), command.begin(), command.end());
    return run(whole).status;
  };
  CHECK(status("1") == 0);
  CHECK(status("2") == 124);
}

TEST_CASE("a wrong plan is status 125 and shows its column") {
  const FinishedProcess process = run_with_plan({"mmap:eror=ENOMEM"}, {"true"});
  CHECK(process.status == 125);
  CHECK(contains(process.errors, "\n  mmap:eror=ENOMEM\n       ^\n"));
}

TEST_CASE("what cannot be run is status 125, what cannot be preloaded 2, and one line tells why") {
  const auto [program, status, reason] = GENERATE(table<std::string, int, std::string>({
      {"/nonexistent/program", 125, "No such file or directory"},
      {"no-such-program-in-path", 125, "no such program in PATH"},
      {"/etc/passwd", 125, "not an executable file"},
      {STATICALLY_LINKED, 2, "statically linked"},
  }));
  const FinishedProcess process = run_with_plan({rule}, {program});
  INFO(process.errors);
  CHECK(process.status == status);
  CHECK(contains(process.errors, reason));
  CHECK(std::count(process.errors.begin(), process.errors.end(), '\n') == 1);
}

FinishedProcess run_with_options(std::vector<std::string> options,
                                 const std::vector<std::string>& program) {
  options.insert(options.begin(), {HEDDLE_INJECT_PROGRAM, "run"});
  options.emplace_back("--");
  options.insert(options.end(), program.begin(), program.end());
  return run(options);
}

/// A file that is gone with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    const int descriptor = mkstemp(path_.data());
    REQUIRE(descriptor >= 0);
    REQUIRE(write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    close(descriptor);
  }
  ~TemporaryFile() { unlink(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/heddle-plan-XXXXXX";
};

TEST_CASE("rules come from the command line first, then from files") {
  const TemporaryFile file("# The second call.\nsigaltstack:error=ENOMEM:when=1+\n");
  const FinishedProcess process =
      run_with_options({"-f", file.path(), "-e", "sigaltstack:error=EPERM:when=2"},
                       {MAKES_CALLS, "once", "sigaltstack", "3"});
  INFO(process.errors);
  CHECK(process.output == "12 1 12\n");
  CHECK(contains(process.errors, "sigaltstack:error=ENOMEM:when=1+ fired 2 times of 3 calls"));
}

TEST_CASE("a mistake in a plan file is status 125, with file, line and column") {
  const TemporaryFile file("mmap:error=ENOMEM\n mmap:error=ENOSUCH\n");
  const FinishedProcess process = run_with_options({"--plan-file", file.path()}, {"true"});
  CHECK(process.status == 125);
  CHECK(contains(process.errors, file.path() + ":2:13: 'ENOSUCH'"));
}

TEST_CASE("a run without any rule is refused") {
  const TemporaryFile file("# nothing\n");
  CHECK(run_with_options({}, {"true"}).status == 125);
  CHECK(run_with_options({"-f", file.path()}, {"true"}).status == 125);
}

TEST_CASE("several calls in one expression are reported one by one") {
  const FinishedProcess process = run_with_plan({"sigaltstack,futex.wake:error=EINVAL"},
                                                {MAKES_CALLS, "once", "sigaltstack", "2"});
  CHECK(process.errors ==
        "heddle-inject: sigaltstack:error=EINVAL fired 2 times of 2 calls\n"
        "heddle-inject: futex.wake:error=EINVAL did not fire: no such call was made by name; "
        "libc makes such calls itself: try --raw\n");
}

TEST_CASE("rules that draw get the seed that was given, and one that is printed otherwise") {
  const std::vector<std::string> plan{"-e", "sigaltstack:error=EPERM:p=0.5", "-e",
                                      "sigaltstack:error=EPERM:p=0.5:seed=3"};
  std::vector<std::string> seeded = plan;
  seeded.insert(seeded.end(), {"--seed", "7"});
  const std::string errors = run_with_options(seeded, {"true"}).errors;
  CHECK_FALSE(contains(errors, "drawing"));
  CHECK(contains(errors, "heddle-inject: sigaltstack:error=EPERM:p=0.5:seed=7 did not fire"));
  CHECK(contains(errors, "heddle-inject: sigaltstack:error=EPERM:p=0.5:seed=3 did not fire"));
  const std::string drawn = run_with_options(plan, {"true"}).errors;
  const std::string announced = "heddle-inject: drawing with --seed ";
  REQUIRE(drawn.starts_with(announced));
  const std::string seed = drawn.substr(announced.size(), drawn.find('\n') - announced.size());
  CHECK(contains(drawn, "p=0.5:seed=" + seed + " did not fire"));
  CHECK(run_with_options({"-e", "mmap:error=EPERM:p=0.1", "--seed", "0"}, {"true"}).status == 125);
}

TEST_CASE("the option --stacks knows two ways, and no third") {
  for (const auto& [way, status] :
       {std::pair{"frame-pointers", 0}, {"libunwind", 0}, {"guesses", 125}}) {
    CHECK(run_with_options({"-e", rule, "--stacks", way}, {"true"}).status == status);
  }
}

TEST_CASE("the option --as-strace prints a command for a shell, and runs nothing") {
  const FinishedProcess process =
      run_with_options({"--as-strace", "-e", "futex.wait:spurious:p=0.5:when=3"},
                       {"sh", "-c", "echo 'a b'; exit 3"});
  CHECK(process.status == 0);
  CHECK(process.output ==
        "strace -f -e trace=futex -e inject=futex:retval=0:when=3 -- sh -c "
        "'echo '\\''a b'\\''; exit 3'\n");
  CHECK(contains(process.errors, "strace has no p\n"));
  CHECK(run_with_options({"--as-strace", "-e", "pthread_join:error=ESRCH"}, {"true"}).status ==
        125);
}

TEST_CASE("more rules than a control block holds are refused") {
  const FinishedProcess process = run_with_plan(std::vector<std::string>(33, rule), {"true"});
  CHECK(process.status == 125);
  CHECK(contains(process.errors, "at most 32"));
}

TEST_CASE("a script is run, and rules reach what it starts") {
  const FinishedProcess process = run_with_plan(
      {"sigaltstack:error=EPERM:when=1"},
      {"sh", "-c",
       std::string(MAKES_CALLS) + " once sigaltstack 2; " + MAKES_CALLS + " once sigaltstack 2"});
  CHECK(process.output == "1 0\n1 0\n");
  CHECK(contains(process.errors, "fired 2 times of 4 calls"));
}

TEST_CASE("a signal sent to the driver goes on to the program") {
  const FinishedProcess process = run_with_plan(
      {rule}, {"sh", "-c", "trap 'kill $!; exit 42' TERM; sleep 60 & kill -TERM $PPID; wait"});
  CHECK(process.status == 42);
}

TEST_CASE("shim and program may lie on paths with spaces, colons and dollars") {
  namespace fs = std::filesystem;
  std::string pattern = (fs::temp_directory_path() / "heddle inject:$LIB XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  const fs::path folder = pattern;
  const fs::path program = HEDDLE_INJECT_PROGRAM;
  const fs::path shim = fs::relative(HEDDLE_INJECT_SHIM, program.parent_path().parent_path());
  fs::create_directories(folder / "bin");
  fs::create_directories((folder / shim).parent_path());
  fs::copy(program, folder / "bin" / "heddle-inject");
  fs::copy(HEDDLE_INJECT_SHIM, folder / shim);
  fs::copy(MAKES_CALLS, folder / "makes calls");
  const FinishedProcess process =
      run({folder / "bin" / "heddle-inject", "run", "-e", "sigaltstack:error=EPERM", "--",
           folder / "makes calls", "once", "sigaltstack", "1"});
  fs::remove_all(folder);
  CHECK(process.output == "1\n");
}

TEST_CASE("a preload that is there already stays, behind the shim") {
  const FinishedProcess process =
      run({HEDDLE_INJECT_PROGRAM, "run", "-e", "sigaltstack:error=EPERM", "--", "sh", "-c",
           "echo $LD_PRELOAD"},
          {{"LD_PRELOAD", CALLS_BEFORE_START_UP},
           // Of a driver built with AddressSanitizer, whose runtime wants to be the first.
           {"ASAN_OPTIONS", "verify_asan_link_order=0"}});
  CHECK(contains(process.output, std::string("libheddle-inject.so:") + CALLS_BEFORE_START_UP));
}

}  // namespace
}  // namespace heddle::tests
