// run_failure.hpp: why a program was not run, or not run to its end.
#pragma once

#include <string>
#include <utility>

namespace heddle::inject {

struct RunFailure {
  enum class Kind {
    program,     ///< the program cannot be run or compared with itself, or the request is wrong
    tool,        ///< the machine lacks something, or the tool is at fault
    interrupted  ///< the user asked for an end
  };
  RunFailure(std::string why, Kind what = Kind::program)  // NOLINT: most are about the program
      : message(std::move(why)), kind(what) {}

  std::string message;
  Kind kind;
};

}  // namespace heddle::inject
