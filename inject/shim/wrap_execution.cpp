// wrap_execution.cpp: the calls that execute another program. They cannot be made to fail by name:
// the shim only looks at the other program. execl and the like enter libc's own execve, unseen.
#include <unistd.h>

#include "exported.hpp"
#include "next_definitions.hpp"
#include "unseen.hpp"

using heddle::inject::next_definitions;
using heddle::inject::note_execution;

HEDDLE_INJECT_EXPORTED int execve(const char* program, char* const arguments[],
                                  char* const environment[]) noexcept {
  note_execution(program, environment);
  return next_definitions.execve(program, arguments, environment);
}

HEDDLE_INJECT_EXPORTED int execv(const char* program, char* const arguments[]) noexcept {
  note_execution(program, environ);
  return next_definitions.execv(program, arguments);
}

HEDDLE_INJECT_EXPORTED int execvp(const char* file, char* const arguments[]) noexcept {
  note_execution(file, environ);
  return next_definitions.execvp(file, arguments);
}

HEDDLE_INJECT_EXPORTED int execvpe(const char* file, char* const arguments[],
                                   char* const environment[]) noexcept {
  note_execution(file, environment);
  return next_definitions.execvpe(file, arguments, environment);
}
