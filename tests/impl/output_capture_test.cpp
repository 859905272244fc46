#include <fcntl.h>
#include <unistd.h>
#include <heddle/io.hpp>
#include <heddle/panic.hpp>
#include <heddle/thread.hpp>

#include <csignal>
#include <memory>
#include <string>

#include "child_process.hpp"
#include "quiet_panics.hpp"
#include "scripted_calls.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

// Captures the calling thread's output while it lives.
class Captured {
 public:
  Captured() { io::set_output_capture(sink_); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  ~Captured() { io::set_output_capture(nullptr); }

  std::string text() const { return sink_->text(); }
  long references() const { return sink_.use_count(); }

 private:
  std::shared_ptr<io::Sink> sink_ = std::make_shared<io::Sink>();
};

TEST_CASE("the message of a panic goes where its thread's output goes") {
  const Captured captured;
  static_cast<void>(
      thread::Builder().name("weaver").spawn([] { panic::panic("snap"); }).value().join());
  CHECK(captured.text().find("thread 'weaver' panicked: snap, ") != std::string::npos);
}

TEST_CASE("a thread that ends lets go of the sink that it inherited") {
  const Captured captured;
  CHECK(thread::spawn([] { io::print("child"); }).join());
  CHECK(captured.text() == "child");
  CHECK(captured.references() == 2);  // the test's and its thread's
}

TEST_CASE("text is printed whole, though other text is printed while it is made") {
  const Captured captured;
  io::print_with([] {
    io::print("");  // to the real stream, which need not be seen
    return std::string("outer");
  });
  CHECK(captured.text() == "outer");
}

TEST_CASE("a panic while text is made loses the sink") {
  const QuietPanics quiet;
  const Captured captured;
  CHECK(panic::catch_unwind([] {
          io::print_with([]() -> std::string { panic::panic("no text"); });
        }).has_error());
  CHECK(io::output_capture() == nullptr);
  CHECK(captured.references() == 1);
}

TEST_CASE("print writes to standard output, eprint to standard error") {
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    const Ending ending = run_in_child([&] {
      if (stream == STDOUT_FILENO) {
        dup2(STDERR_FILENO, STDOUT_FILENO);  // what the child's ending keeps
        close(STDERR_FILENO);
        io::print("text");
      } else {
        close(STDOUT_FILENO);
        io::eprint("text");
      }
    });
    CHECK(ending.standard_error == "text");
  }
}

TEST_CASE("text is printed whole, however little the system takes, and whatever signals come") {
  const Ending ending = run_in_child([] {
    Script script;
    script.answer("write", 0).answer("write", EINTR).answer("write", 0);
    io::eprint("text");
  });
  CHECK(ending.signal == 0);
  CHECK(ending.standard_error == "text");
}

TEST_CASE("printing to a stream that is full panics") {
  const Ending ending = run_in_child([] {
    dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO);
    io::print("text");
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says(
      "failed printing to standard output: write: No space left on device (os error 28)"));
}

TEST_CASE("printing to a stream that is closed is printing to nobody") {
  const Ending ending = run_in_child([] {
    close(STDOUT_FILENO);
    io::print("text");
  });
  CHECK(ending.signal == 0);
  CHECK(ending.exit_status == 0);
}

}  // namespace
}  // namespace heddle::tests
