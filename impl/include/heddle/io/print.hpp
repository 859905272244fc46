// Printing, to where the calling thread's output goes.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "heddle/io/output_capture.hpp"

namespace heddle::io {

namespace detail {
enum class Stream { output = 1, error = 2 };  // their descriptors

/// The calling thread's sink, which it has not any more; null if there is none, or none any more.
std::shared_ptr<Sink> take_output_capture() noexcept;

/// Prints to `sink`, and gives it back to the thread; if it is null, to the process's stream.
void print_to(std::shared_ptr<Sink> sink, Stream stream, std::string_view text);

// While the text is being made the sink is out of reach, so that whatever is printed meanwhile goes
// to the real stream. If making it panics, the thread has lost its sink, as in Rust.
template <class Make>
void print_made(Stream stream, Make&& make) {
  std::shared_ptr<Sink> sink = take_output_capture();
  const auto text = std::forward<Make>(make)();
  print_to(std::move(sink), stream, text);
}
}  // namespace detail

/// Prints to the calling thread's output capture if it has one, else to standard output or standard
/// error: at once and unbuffered, in one write where the system takes it. Panics when the system
/// refuses, but takes a stream that is closed for one that nobody reads. Any thread, and in any
/// destructor. Rust's print! and eprint!.
/// @{
inline void print(std::string_view text) {
  detail::print_to(detail::take_output_capture(), detail::Stream::output, text);
}
inline void eprint(std::string_view text) {
  detail::print_to(detail::take_output_capture(), detail::Stream::error, text);
}
/// @}

/// The same for the text that `make` returns, which may itself print.
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
