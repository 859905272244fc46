// Output capture, and printing.
#include <heddle/io.hpp>
#include <memory>

#include "handles.hpp"
#include "outcomes.hpp"
#include "tables.hpp"

namespace heddle::adapter {
namespace {

using SinkHandle = std::shared_ptr<io::Sink>;

void new_sink(heddle_outcome* out) {
  call(out, [] { return returned_new(std::make_shared<io::Sink>()); });
}

void references(void* sink, heddle_outcome* out) {
  call(out,
       [&] { return returned(static_cast<std::uint64_t>(borrow<SinkHandle>(sink).use_count())); });
}

void read(void* sink, heddle_outcome* out) {
  call(out, [&] { return returned_text(borrow<SinkHandle>(sink)->text()); });
}

void set(void* sink, heddle_outcome* out) {
  call(out, [&] {
    SinkHandle previous =
        io::set_output_capture(sink != nullptr ? take<SinkHandle>(sink) : SinkHandle());
    return previous ? returned_new(std::move(previous)) : returned();
  });
}

void print(std::uint32_t stream, const char* text, std::size_t text_length, heddle_outcome* out) {
  call(out, [&] {
    const std::string_view printed(text, text_length);
    stream == 1 ? io::print(printed) : io::eprint(printed);
    return returned();
  });
}

void print_with(std::uint32_t stream, heddle_body body, heddle_cookie env, heddle_outcome* out) {
  call(out, [&, closure = Closure(body, env)] {
    const auto text = [&] { return closure.run_for_text(); };
    stream == 1 ? io::print_with(text) : io::eprint_with(text);
    return returned();
  });
}

}  // namespace

const heddle_capture capture = {
    .size = sizeof(heddle_capture),
    .flags = 0,
    .new_sink = new_sink,
    .drop_sink = drop<SinkHandle>,
    .references = references,
    .read = read,
    .set = set,
    .print = print,
    .print_with = print_with,
};

}  // namespace heddle::adapter
