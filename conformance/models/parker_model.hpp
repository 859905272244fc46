// A model of parking: a machine with one bit. Plain C++, so that properties and fuzz targets can
// drive it.
#pragma once

namespace heddle::conformance {

/// A thread's token. `unpark` makes it available, and a park that returns for it consumes it. There
/// is never more than one (Rust: std::thread::park).
class ParkerModel {
 public:
  void unpark() { token_ = true; }

  /// Returns whether a park that is called now returns without another unpark.
  bool park_returns() const { return token_; }

  /// Notes that a park, or a park_timeout, has returned.
  void parked() { token_ = false; }

 private:
  bool token_ = false;
};

}  // namespace heddle::conformance
