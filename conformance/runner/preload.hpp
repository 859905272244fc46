// The preloading of the shim, by LD_PRELOAD, into another process or into this program when it is
// executed again.
#pragma once

#include <string>

#include "runner/descriptor.hpp"

namespace heddle::conformance {

/// The environment of a template, prepared before the fork and applied in the child. It must live
/// until the new program has been executed: the loader opens the library by the descriptor kept
/// here.
class Preload {
 public:
  /// `library` is the shim's path, or empty for none. `behind` is a library without blanks and
  /// colons in its path, to be loaded behind the shim, or empty. Throws std::system_error if the
  /// shim cannot be opened.
  explicit Preload(const std::string& library, std::string behind = {});

  /// Sets the calling process's environment: adds the libraries, and removes the variables that
  /// change what a Rust subject does (with RUST_BACKTRACE each panic takes 60 to 90 ms).
  void apply() const;

 private:
  Descriptor library_;
  std::string behind_;
};

/// Executes this program again, with the same arguments and the library preloaded. Returns only on
/// failure, with one line that says why. It fails if called twice in a row: see
/// was_executed_again().
std::string execute_again(const std::string& library, char** argv);

/// Returns whether this program was started by execute_again(). The first call restores the
/// environment, and remembers the answer.
bool was_executed_again();

}  // namespace heddle::conformance
