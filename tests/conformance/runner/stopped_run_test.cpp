// Time in which the suite itself did not run is nobody's: a run that was stopped and goes on has
// the verdicts of one that was not.
#include <algorithm>
#include <csignal>

#include "hostile_run.hpp"
#include "process/leftovers.hpp"
#include "support/catch.hpp"

using namespace heddle::tests;

namespace {

const std::vector<std::string> asked = {"--clause", "SPAWN-00*", "--clause", "JOIN-04*", "--quick"};

void signal_all(const std::vector<pid_t>& processes, int signal) {
  for (const pid_t process : processes) {
    ::kill(process, signal);
  }
}

}  // namespace

TEST_CASE("a run that was stopped goes on as if it had not been") {
  const std::string factor = "0.1";  // a case has a second
  const auto undisturbed = run_program(hostile_command(asked, "1"), hostile("takes its time"));
  StartedProgram started(hostile_command(asked, factor), hostile("takes its time"));
  for (int stop = 0; stop < 3; ++stop) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    // In either order: the clock may stop before the case, or after it.
    auto processes = heddle::inject::process_tree(started.process());
    if (stop % 2 == 1) {
      std::reverse(processes.begin(), processes.end());
    }
    signal_all(processes, SIGSTOP);
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    std::reverse(processes.begin(), processes.end());
    signal_all(processes, SIGCONT);
  }
  const ProgramRun stopped = started.finish();
  CAPTURE(stopped.standard_output, stopped.standard_error);
  CHECK(stopped.status == undisturbed.status);
  CHECK(verdicts_of(stopped) == verdicts_of(undisturbed));
}
