// The state of processes and threads, whatever they are called.
#include <process/proc_files.hpp>
#include <process/process_state.hpp>

#include <sys/prctl.h>
#include <unistd.h>

#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using namespace heddle::inject;

TEST_CASE("the last parenthesis ends a process's name") {
  CHECK(fields_after_name("12 (cat) S 1 12\n") == "S 1 12\n");
  CHECK(fields_after_name("12 (a) Z 1 (b) R 7") == "R 7");
  CHECK(fields_after_name("12 (cat)").empty());
  CHECK(fields_after_name("").empty());
}

TEST_CASE("a thread's name does not hide its state") {
  const std::string name = name_of(getpid(), gettid());
  prctl(PR_SET_NAME, "a) Z 7 (b");
  const auto of_process = state_of(getpid());
  const auto of_thread = state_of(getpid(), gettid());
  prctl(PR_SET_NAME, name.c_str());
  REQUIRE(of_process);
  CHECK(of_process->state == 'R');
  CHECK(of_process->parent == getppid());
  CHECK_FALSE(of_process->exiting);
  REQUIRE(of_thread);
  CHECK(of_thread->state == 'R');
  CHECK_FALSE(of_thread->has_ended());
}

TEST_CASE("a process that has gone has no state") {
  const pid_t none = 0x7fffffff;
  CHECK_FALSE(state_of(none));
  CHECK_FALSE(state_of(none, none));
  CHECK(threads_of(none).empty());
  CHECK(name_of(none, none).empty());
}

}  // namespace
}  // namespace heddle::tests
