// What the machine is about to do, for a thread that is stepped.
#pragma once

#include <cstdint>

namespace heddle::conformance {

/// Returns whether the instruction at this address of x86-64 code reads or writes memory, calls, or
/// asks the system. Pushes, pops and returns do not count. Says yes to an instruction that it does
/// not know. It may be called in a signal handler.
///
/// An operation of another thread has the same effect between any two instructions that touch no
/// memory, so it need not be tried between them (Intel's manual, volume 2, chapter 2 and appendix
/// A, for the encoding).
bool touches_memory(const unsigned char* code);

/// The code in which a stepped thread is held: everything that is loaded except libc, the dynamic
/// linker, the injector's shim and, if the subject is a plug-in, the suite.
class CodeOfTheRuntime {
 public:
  CodeOfTheRuntime();

  /// Returns whether the address is in that code. It may be called in a signal handler.
  bool contains(std::uintptr_t address) const;

 private:
  struct Range {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
  };
  static Range module_of(const void* code);

  Range libc_, linker_, shim_, suite_;
};

}  // namespace heddle::conformance
