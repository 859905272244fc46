// memory_error.hpp: an error that a memory checker has reported, whichever checker it was.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heddle::inject {

/// A place in a program's code, as a checker names it.
struct CodePlace {
  std::string object;  // the path of the program or library
  /// Of a return address, the byte before. LeakSanitizer's are offsets from where the object was
  /// loaded; Valgrind's are addresses, since it has named the function already.
  std::uint64_t address = 0;
  std::string function{};  // empty: not known, or not looked up
  std::string file{};
  int line = 0;
  bool operator==(const CodePlace&) const = default;
};

/// One error, or the lost blocks that one call stack allocated.
struct MemoryError {
  /// As Valgrind's XML has it: "InvalidRead", "UninitCondition", "Leak_DefinitelyLost", ...
  std::string kind;
  std::string what;  // one line for people: "Invalid read of size 4"
  /// Of a lost block; otherwise 0.
  std::uint64_t bytes = 0;
  std::uint64_t blocks = 0;
  std::vector<CodePlace> stack;  // the innermost frame first, the checker's own left out
  bool operator==(const MemoryError&) const = default;
};

/// The kind of blocks to which nothing points.
inline constexpr const char* lost_blocks = "Leak_DefinitelyLost";

/// Says whether the error is about lost blocks.
bool is_leak(const MemoryError& error);

/// Identifies where the error comes from, in every run of one build: its kind and the innermost
/// frames alone. A program whose stacks differ from run to run errs in the same place nevertheless.
std::string place_of(const MemoryError& error);

/// Returns how much these leaks lose together: "192 bytes in 3 blocks".
std::string describe_amount(const std::vector<MemoryError>& leaks);

/// What was seen of the memory in one run.
struct MemoryLook {
  std::vector<MemoryError> errors;
  /// Where the process was when a signal killed it; empty: nowhere, or not told.
  std::vector<CodePlace> fatal_stack{};
  std::string failure{};  // why the checker could not look; empty: it could
};

/// Adds what was seen of another process.
void add(MemoryLook& look, MemoryLook other);

}  // namespace heddle::inject
