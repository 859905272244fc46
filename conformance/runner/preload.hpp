// How the shim gets into a template: through LD_PRELOAD.
#pragma once

#include <string>
#include <vector>

#include "runner/descriptor.hpp"

namespace heddle::conformance {

/// The environment of a template, prepared before the fork, applied in the child.
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
  std::string value_;
};

}  // namespace heddle::conformance
