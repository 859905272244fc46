#include "heddle/io/print.hpp"

#include <string>
#include <utility>

#include "heddle/panic/panic.hpp"
#include "sys/standard_stream.hpp"

namespace heddle::io {

void detail::print_to(std::shared_ptr<Sink> sink, Stream stream, std::string_view text) {
  if (sink) {
    sink->write(text);
    set_output_capture(std::move(sink));
    return;
  }
  if (const auto error = sys::write_standard_stream(static_cast<int>(stream), text)) {
    panic::panic(std::string("failed printing to standard ") +
                 (stream == Stream::output ? "output: " : "error: ") + error->message());
  }
}

}  // namespace heddle::io
