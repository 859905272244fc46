// Printing and output capture, in the vocabulary of checks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "stage/outcome.hpp"
#include "stage/value.hpp"

namespace heddle::conformance {

/// A sink of the subject, which collects what is printed into it. An object of this type is a
/// reference; null is no sink.
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
/// Eats the sink and makes it the calling thread's. Returns the previous sink, which the check then
/// owns.
Sink capture_output(Sink sink);
/// Takes back the calling thread's sink, which must have one.
Sink captured_output();
/// @}

/// @name Printing on the calling thread. Whole lines only: a subject may buffer incomplete ones.
/// @{
void print(std::string_view static_text, Stream stream = Stream::output);
/// Prints the text that the body ends with: see returns_text().
Outcome print_with(const Closure& body, Stream stream = Stream::output);
Ending returns_text(std::string_view static_text);
/// @}

/// Keeps what the process writes to the stream itself, from the construction of this object on.
class RealStream {
 public:
  explicit RealStream(Stream stream);
  /// Returns all that was written so far.
  std::string text() const;

 private:
  int file_;  // never closed: a case is a process
};

}  // namespace heddle::conformance
