#include "stage/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>

#include "stage/held_handles.hpp"
#include "stage/stage_case.hpp"

namespace heddle::conformance {
namespace {

const heddle_capture& capture() {
  return *subject().capture;
}

Outcome call(std::string_view name, heddle_handle_call function, Sink sink) {
  note(fmt::format("calls {}", name));
  heddle_outcome raw{};
  function(sink.handle, &raw);
  return Outcome(name, raw, false);
}

Outcome successful(Outcome outcome) {
  expect(outcome, returned());
  return outcome;
}

}  // namespace

Sink new_sink() {
  heddle_outcome raw{};
  capture().new_sink(&raw);
  return {successful(Outcome("new_sink", raw, false)).handle()};
}

void drop(Sink sink) {
  release_handle(sink.handle);
  successful(call("drop_sink", capture().drop_sink, sink));
}

std::uint64_t references(Sink sink) {
  return successful(call("references", capture().references, sink)).number();
}

std::string text_of(Sink sink) {
  return std::string(successful(call("read", capture().read, sink)).text());
}

Sink capture_output(Sink sink) {
  release_handle(sink.handle);
  return {successful(call("set", capture().set, sink)).handle()};
}

Sink captured_output() {
  const Sink sink = capture_output({});
  expect(sink.handle != nullptr, "the thread still has its sink", "it had none");
  return sink;
}

void print(std::string_view static_text, Stream stream) {
  note("calls print");
  heddle_outcome raw{};
  capture().print(static_cast<std::uint32_t>(stream), static_text.data(), static_text.size(), &raw);
  successful(Outcome("print", raw, false));
}

Outcome print_with(const Closure& body, Stream stream) {
  note("calls print_with");
  heddle_outcome raw{};
  capture().print_with(static_cast<std::uint32_t>(stream), run_closure, body.captured().cookie(),
                       &raw);
  return Outcome("print_with", raw, false);
}

Ending returns_text(std::string_view static_text) {
  Ending ending = returns();
  ending.outcome.text = static_text.data();
  ending.outcome.text_length = static_text.size();
  return ending;
}

RealStream::RealStream(Stream stream) : file_(::memfd_create("stream", MFD_CLOEXEC)) {
  // O_APPEND: the kernel does not lock the offset of such a file, so threads that write at the same
  // time would otherwise overwrite each other's text.
  if (file_ < 0 || ::fcntl(file_, F_SETFL, O_APPEND) != 0 ||
      ::dup2(file_, static_cast<int>(stream)) < 0) {
    internal_error("the system has no file to put in place of a stream");
  }
}

std::string RealStream::text() const {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got =
        ::pread(file_, buffer.data(), buffer.size(), static_cast<off_t>(text.size()));
    if (got < 0) {
      internal_error("the file in place of a stream cannot be read");
    }
    if (got == 0) {
      return text;
    }
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace heddle::conformance
