// How the shim gets into another process, or into this program started again: through LD_PRELOAD.
#pragma once

#include <string>

#include "runner/descriptor.hpp"

namespace heddle::conformance {

/// The environment of a template, prepared before the fork, applied in the child. Must live until
/// the new program has been executed: the loader opens the library by the descriptor kept here.
class Preload {
 public:
  /// `library` is the shim's path, or empty for none. Throws std::system_error when it cannot be
  /// opened.
  explicit Preload(const std::string& library);

  /// Sets the calling process's environment: the shim, and none of the variables that change what
  /// a Rust subject does (RUST_BACKTRACE makes each panic 60 to 90 ms long).
  void apply() const;

 private:
  Descriptor library_;
};

/// Executes this program again, with the same arguments and the library preloaded. Returns only
/// when it cannot: one line that says why. Never twice in a row: see was_executed_again().
std::string execute_again(const std::string& library, char** argv);

/// Whether this program was started by execute_again(). The first call takes back what that has
/// changed in the environment, and remembers the answer.
bool was_executed_again();

}  // namespace heddle::conformance
