// interrupts.hpp: the signals that ask a command with many runs to stop.
#pragma once

namespace heddle::inject {

/// Blocks SIGINT, SIGTERM and SIGHUP (unless SIGHUP is ignored) from its construction on. They make
/// a descriptor readable instead, so that runs can be ended and findings kept.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// Becomes readable at an interrupt. -1, which poll ignores, if the system has no descriptor
  /// left.
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace heddle::inject
