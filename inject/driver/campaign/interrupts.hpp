// interrupts.hpp: how somebody asks for an end of what runs a program many times.
#pragma once

namespace heddle::inject {

/// From its construction on, SIGINT, SIGTERM and SIGHUP (unless that is ignored) no longer end this
/// process: they make a descriptor readable, so that runs are ended and what was found is kept.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// -1, which polls as never readable, when the system has no descriptor left.
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace heddle::inject
