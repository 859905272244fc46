// Printing and output capture, as a check speaks of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "stage/outcome.hpp"
#include "stage/value.hpp"

namespace heddle::conformance {

/// A sink of the subject's, which collects what is printed into it. Names it only; null: none.
struct Sink {
  void* handle = nullptr;
};

enum class Stream : std::uint32_t { output = 1, error = 2 };

/// @name Sinks
/// @{
Sink new_sink();
void drop(Sink sink);  ///< eats
std::uint64_t references(Sink sink);
std::string text_of(Sink sink);
/// Eats the sink and makes it the calling thread's. The previous one, which is the check's now.
Sink capture_output(Sink sink);
/// Takes back the calling thread's sink, which must have one.
Sink captured_output();
/// @}

/// @name Printing on the calling thread. Whole lines only: a subject may buffer the others.
/// @{
void print(std::string_view static_text, Stream stream = Stream::output);
/// The text is what the body ends with: returns_text().
Outcome print_with(const Closure& body);
Ending returns_text(std::string_view static_text);
/// @}

/// From its making on, what the process writes to the stream itself is kept here.
class RealStream {
 public:
  explicit RealStream(Stream stream);
  /// All that was written so far.
  std::string text() const;

 private:
  int file_;  // never closed: a case is a process
};

}  // namespace heddle::conformance
