// The stacks of other processes, and the names in them.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <process/symbols.hpp>
#include <process/thread_stacks.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using inject::Symbols;
using inject::ThreadStack;

/// Generous: only decides that something hangs.
constexpr int deadline_ms = 60'000;

class Target {
 public:
  explicit Target(const char* way, std::string program = CRASHES_OR_WAITS) {
    REQUIRE(pipe(input_) == 0);
    REQUIRE(pipe(output_) == 0);
    posix_spawn_file_actions_t actions;
    REQUIRE(posix_spawn_file_actions_init(&actions) == 0);
    REQUIRE(posix_spawn_file_actions_adddup2(&actions, input_[0], STDIN_FILENO) == 0);
    REQUIRE(posix_spawn_file_actions_adddup2(&actions, output_[1], STDOUT_FILENO) == 0);
    std::string argument = way;
    char* arguments[] = {program.data(), argument.data(), nullptr};
    // It has begun the program when this returns: a mere fork might still have threads of a
    // sanitizer's, which are about to end.
    REQUIRE(posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments, environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
  }

  ~Target() {
    kill(process_, SIGKILL);
    end();
    for (const int descriptor : {input_[0], input_[1], output_[0], output_[1]}) {
      close(descriptor);
    }
  }

  pid_t process() const { return process_; }
  void release(int times = 1) const {
    for (int time = 0; time < times; ++time) {
      REQUIRE(write(input_[1], "!", 1) == 1);
    }
  }
  void await_word() const {
    char byte = 0;
    REQUIRE(read(output_[0], &byte, 1) == 1);
  }
  int end() {
    int status = 0;
    if (process_ > 0) {
      waitpid(process_, &status, 0);
    }
    return status;
  }

 private:
  int input_[2]{};
  int output_[2]{};
  pid_t process_ = -1;
};

std::vector<std::string> functions(const ThreadStack& stack) {
  Symbols symbols;
  std::vector<std::string> names;
  for (const inject::StackFrame& frame : stack.frames) {
    names.push_back(
        symbols.at(frame.module, frame.offset - (frame.is_return_address ? 1 : 0)).function);
  }
  return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

TEST_CASE("a crash shows the crashed thread first, with its functions, and the others") {
  Target target("crash", GENERATE(CRASHES_OR_WAITS, CRASHES_OR_WAITS_IN_PARTS_PIE,
                                  CRASHES_OR_WAITS_IN_PARTS_NO_PIE));
  const auto stacks = inject::stacks_at_fatal_signal(
      target.process(), [&] { target.release(); }, deadline_ms);
  REQUIRE(stacks.has_value());
  REQUIRE(stacks->size() == 2);
  CHECK(stacks->front().signal == SIGSEGV);
  const std::vector<std::string> names = functions(stacks->front());
  REQUIRE(names.size() > 1);
  CHECK(names[0] == "read_through_null");
  CHECK(names[1] == "crash");
  CHECK(contains(functions(stacks->back()), "main"));
  const int status = target.end();
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV));
}

TEST_CASE("the call of a null pointer shows who has made it, and dies of it") {
  Target target("call-nothing");
  const auto stacks = inject::stacks_at_fatal_signal(
      target.process(), [&] { target.release(); }, deadline_ms);
  REQUIRE(stacks.has_value());
  REQUIRE(stacks->size() == 1);
  const std::vector<std::string> names = functions(stacks->front());
  REQUIRE(names.size() > 2);
  CHECK(stacks->front().frames.front().offset == 0);
  CHECK(names[1] == "call_nothing");
  CHECK(contains(names, "main"));
  const int status = target.end();
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV));
}

TEST_CASE("an abort is a fatal signal too") {
  Target target("abort");
  const auto stacks = inject::stacks_at_fatal_signal(
      target.process(), [&] { target.release(); }, deadline_ms);
  REQUIRE(stacks.has_value());
  REQUIRE(stacks->size() == 1);
  CHECK(stacks->front().signal == SIGABRT);
  CHECK(contains(functions(stacks->front()), "main"));
  const int status = target.end();
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT));
}

TEST_CASE("a process that ends by itself has no stacks to show") {
  Target target("leave");
  const auto stacks = inject::stacks_at_fatal_signal(
      target.process(), [&] { target.release(); }, deadline_ms);
  REQUIRE(stacks.has_value());
  CHECK(stacks->empty());
  const int status = target.end();
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 3));
}

TEST_CASE("the stacks of a waiting process name all its threads' functions, and it lives on") {
  Target target("wait");
  target.release();
  target.await_word();
  const auto stacks = inject::take_stacks(target.process());
  REQUIRE(stacks.has_value());
  REQUIRE(stacks->size() == 2);
  CHECK(std::ranges::count_if(*stacks, [](const ThreadStack& stack) {
          return contains(functions(stack), "main");
        }) == 1);
  CHECK(kill(target.process(), 0) == 0);
  CHECK(inject::take_stacks(target.process()).has_value());
}

// Those that a traced thread makes are traced from the first, and cannot be seized any more.
TEST_CASE("the stacks of a process that makes threads all the time can be taken") {
  Target target("make-threads");
  target.release();
  target.await_word();
  for (int time = 0; time < 200; ++time) {
    const auto stacks = inject::take_stacks(target.process());
    REQUIRE(stacks.has_value());
    REQUIRE(stacks->size() <= 2);
  }
}

TEST_CASE("a process whose first thread has ended shows the others") {
  Target target("orphan");
  target.release();
  target.await_word();
  const auto stacks = inject::take_stacks(target.process());
  REQUIRE(stacks.has_value());
  REQUIRE(stacks->size() == 1);
  CHECK(contains(functions(stacks->front()), "survive"));
}

TEST_CASE("a crash is seen in a process whose first thread has ended") {
  Target target("orphan-crash");
  target.release();
  target.await_word();
  const auto stacks = inject::stacks_at_fatal_signal(
      target.process(), [&] { target.release(); }, deadline_ms);
  REQUIRE(stacks.has_value());
  REQUIRE(stacks->size() == 1);
  CHECK(stacks->front().signal == SIGSEGV);
  CHECK(functions(stacks->front()).front() == "read_through_null");
}

// The kernel ends the other threads first, and waits until whoever traces them has seen that.
TEST_CASE("a crash is seen in a program that a process of several threads has executed") {
  Target target("execute");
  const auto stacks = inject::stacks_at_fatal_signal(
      target.process(), [&] { target.release(2); }, deadline_ms);
  REQUIRE(stacks.has_value());
  REQUIRE(stacks->size() == 1);
  CHECK(stacks->front().signal == SIGABRT);
}

// The signal's thread is killed where it is stopped, which its tracer has to see for the process to
// go on; or else the tracer has stopped all threads before.
TEST_CASE("a process that executes a program when a signal is about to kill it is not held up") {
  Target target("execute-instead");
  const auto stacks = inject::stacks_at_fatal_signal(
      target.process(), [&] { target.release(2); }, deadline_ms);
  REQUIRE(stacks.has_value());
  CHECK((stacks->empty() || stacks->front().signal == SIGABRT));
  // Also when the stacks were had: then both threads go on where they were.
  const int status = target.end();
  CHECK(((WIFEXITED(status) && WEXITSTATUS(status) == 3) ||
         (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT)));
}

TEST_CASE("a process that is not there cannot be traced, and that is said") {
  const auto stacks = inject::take_stacks(0x3fffffff);
  REQUIRE_FALSE(stacks.has_value());
  CHECK(stacks.error().find("cannot trace process") == 0);
}

TEST_CASE("names lose their encoding") {
  CHECK(inject::demangled("_ZNSt6thread15_M_start_threadEv") == "std::thread::_M_start_thread()");
  CHECK(inject::demangled("_ZN3std6thread5spawn17h0123456789abcdefE") == "std::thread::spawn");
  CHECK(inject::demangled("_RNvCs1234_7mycrate3foo") == "mycrate::foo");
  CHECK(inject::demangled("f") == "f");
}

}  // namespace
}  // namespace heddle::tests
