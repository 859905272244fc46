// What the default hook shows of the stack.
#pragma once

#include <string>

namespace heddle::panic {

/// Lines that end in a newline, as the environment variable HEDDLE_BACKTRACE asks for when it is
/// first looked at: unset or 0, a note, once in the process's life, that there is such a variable;
/// "full", all frames of the calling thread with their addresses; anything else, the frames between
/// the panic and where the runtime called the program.
std::string backtrace();

}  // namespace heddle::panic
