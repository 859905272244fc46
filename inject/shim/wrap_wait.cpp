// wrap_wait.cpp: the functions by which a parent learns how its child has ended. They are passed on
// as they are, and stay cancellation points. A crash that they tell of also goes into the record.
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "ended_children.hpp"
#include "exported.hpp"
#include "next_definitions.hpp"

using heddle::inject::next_definitions;
using heddle::inject::note_wait_status;

namespace {

/// Passes on one of the calls that return the child's id. The caller may not want the status.
template <typename Call>
[[gnu::always_inline]] inline pid_t wait_and_note(int* wait_status, const Call& call) {
  int own_status = 0;
  int* const status = wait_status != nullptr ? wait_status : &own_status;
  const pid_t child = call(status);
  if (child > 0) {
    note_wait_status(child, *status);
  }
  return child;
}

constexpr pid_t unknown_child = -1;

}  // namespace

HEDDLE_INJECT_EXPORTED pid_t wait(int* wait_status) {
  return wait_and_note(wait_status, [](int* status) { return next_definitions.wait(status); });
}

HEDDLE_INJECT_EXPORTED pid_t waitpid(pid_t process, int* wait_status, int options) {
  return wait_and_note(
      wait_status, [&](int* status) { return next_definitions.waitpid(process, status, options); });
}

HEDDLE_INJECT_EXPORTED pid_t wait3(int* wait_status, int options, rusage* usage) noexcept {
  return wait_and_note(wait_status,
                       [&](int* status) { return next_definitions.wait3(status, options, usage); });
}

HEDDLE_INJECT_EXPORTED pid_t wait4(pid_t process, int* wait_status, int options,
                                   rusage* usage) noexcept {
  return wait_and_note(wait_status, [&](int* status) {
    return next_definitions.wait4(process, status, options, usage);
  });
}

HEDDLE_INJECT_EXPORTED int waitid(idtype_t type, id_t id, siginfo_t* information, int options) {
  siginfo_t own_information{};
  siginfo_t* const child = information != nullptr ? information : &own_information;
  const int result = next_definitions.waitid(type, id, child, options);
  if (result == 0 && child->si_pid > 0 &&
      (child->si_code == CLD_KILLED || child->si_code == CLD_DUMPED)) {
    note_wait_status(child->si_pid, child->si_status);  // a signal's number is its wait status
  }
  return result;
}

// libc waits inside these two and returns the shell's status. The shell ends as its command does,
// since it has executed the command.
HEDDLE_INJECT_EXPORTED int system(const char* command) {
  const int wait_status = next_definitions.system(command);
  if (command != nullptr && wait_status != -1) {
    note_wait_status(unknown_child, wait_status);
  }
  return wait_status;
}

HEDDLE_INJECT_EXPORTED int pclose(FILE* stream) {
  const int wait_status = next_definitions.pclose(stream);
  if (wait_status != -1) {
    note_wait_status(unknown_child, wait_status);
  }
  return wait_status;
}
