// What parking promises, as a machine with one bit. Plain C++: the property and any fuzz target
// drive it alike.
#pragma once

namespace heddle::conformance {

/// A thread's token. `unpark` makes it available, a park that returns for it consumes it, and there
/// is never more than one (Rust: std::thread::park).
class ParkerModel {
 public:
  void unpark() { token_ = true; }

  /// Whether a park may be called now without waiting for somebody.
  bool park_returns() const { return token_; }

  /// A park, or a park_timeout, has returned.
  void parked() { token_ = false; }

 private:
  bool token_ = false;
};

}  // namespace heddle::conformance
