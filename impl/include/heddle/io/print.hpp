// Printing to the calling thread's sink, or to the process's streams.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "heddle/io/output_capture.hpp"

namespace heddle::io {

namespace detail {
enum class Stream { output = 1, error = 2 };  // their descriptors

/// Takes the calling thread's sink away and returns it; null if it has none or has dropped it.
std::shared_ptr<Sink> take_output_capture() noexcept;

/// Prints to `sink` and gives it back to the thread. If `sink` is null, prints to the process's
/// stream.
void print_to(std::shared_ptr<Sink> sink, Stream stream, std::string_view text);

// Prints what `make` returns. The sink is out of reach while `make` runs, so what `make` itself
// prints goes to the process's stream. If `make` panics, the thread has lost its sink, as in Rust.
template <class Make>
void print_made(Stream stream, Make&& make) {
  std::shared_ptr<Sink> sink = take_output_capture();
  const auto text = std::forward<Make>(make)();
  print_to(std::move(sink), stream, text);
}
}  // namespace detail

/// Prints to the calling thread's sink if it has one, else to standard output or standard error: at
/// once and unbuffered, in one write where the system takes it. Panics when the system refuses. A
/// closed stream counts as written. Can be called on any thread and in any destructor. Rust's
/// print! and eprint!.
/// @{
inline void print(std::string_view text) {
  detail::print_to(detail::take_output_capture(), detail::Stream::output, text);
}
inline void eprint(std::string_view text) {
  detail::print_to(detail::take_output_capture(), detail::Stream::error, text);
}
/// @}

/// Prints the text that `make` returns. `make` may print, too.
/// @{
template <class Make>
void print_with(Make&& make) {
  detail::print_made(detail::Stream::output, std::forward<Make>(make));
}
template <class Make>
void eprint_with(Make&& make) {
  detail::print_made(detail::Stream::error, std::forward<Make>(make));
}
/// @}

}  // namespace heddle::io
