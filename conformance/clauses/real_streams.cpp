// What is printed to the process's own streams when these are slow, interrupted or closed.
#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clauses/signal_storm.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::string_view sources_of_print =
    "Rust 1.63, library/std/src/io/stdio.rs: print_to; "
    "Rust 1.95, library/std/src/io/stdio.rs: print_to; "
    "Rust 1.63, library/std/src/io/stdio.rs: handle_ebadf; "
    "Rust 1.95, library/std/src/io/stdio.rs: handle_ebadf";

// A pipe in place of a stream, with a thread of the suite's that reads it in small pieces.
class SlowPipe {
 public:
  /// The reader begins when `await_begin`, which it calls, has returned.
  SlowPipe(Stream stream, std::function<void()> await_begin)
      : stream_(static_cast<int>(stream)), await_begin_(std::move(await_begin)) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0 || ::dup2(ends[1], stream_) < 0 ||
        ::close(ends[1]) != 0) {
      internal_error("the system has no pipe to put in place of a stream");
    }
    // As small as the system allows, so that a writer waits. Without that the text is long enough.
    static_cast<void>(::fcntl(ends[0], F_SETPIPE_SZ, 1));
    from_ = ends[0];
    if (::pthread_create(&reader_, nullptr, read_slowly, this) != 0) {
      internal_error("the machine refused the suite a thread");
    }
  }
  SlowPipe(const SlowPipe&) = delete;
  SlowPipe& operator=(const SlowPipe&) = delete;
  ~SlowPipe() = default;

  /// Closes the stream, and returns all that was written to it.
  const std::string& close_and_read() {
    if (::close(stream_) != 0) {
      internal_error("the pipe in place of a stream cannot be closed");
    }
    // Cannot fail: the thread is joinable, and it is not the calling one.
    static_cast<void>(::pthread_join(reader_, nullptr));
    return text_;
  }

 private:
  static void* read_slowly(void* argument) {
    auto& pipe = *static_cast<SlowPipe*>(argument);
    pipe.await_begin_();
    std::array<char, 1000> buffer{};
    for (;;) {
      const ssize_t got = ::read(pipe.from_, buffer.data(), buffer.size());
      if (got <= 0) {
        return nullptr;
      }
      pipe.text_.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }

  int stream_;
  std::function<void()> await_begin_;
  int from_ = -1;
  pthread_t reader_{};
  std::string text_;
};

// Returns many lines, each with its number. Static, as printed text must be.
const std::string& many_lines() {
  static const std::string& text = *[] {
    auto* const made = new std::string;
    for (int line = 0; line < 2000; ++line) {
      made->append(fmt::format("line {:06} of what is printed\n", line));
    }
    return made;
  }();
  return text;
}

void expect_lines(const std::string& text) {
  const std::string& expected = many_lines();
  const auto first =
      std::mismatch(text.begin(), text.end(), expected.begin(), expected.end()).first;
  expect(text == expected, fmt::format("all {} bytes are printed, in order", expected.size()),
         fmt::format("{} bytes came, of which the first {} are right", text.size(),
                     first - text.begin()));
}

const auto slow_stream =
    clause("OUTPUT-350")
        .profile(everywhere,
                 "What is printed to a stream that takes little at a time, while signals "
                 "interrupt the writer, comes out whole and in order.")
        .source(sources_of_print)
        .needs({Feature::output_capture})
        .example([] {
          for (const Stream stream : {Stream::output, Stream::error}) {
            std::optional<SignalStorm> storm(std::in_place, kernel_thread_id());
            // The first signal comes when the pipe is full, and a part of the text is in it.
            SlowPipe pipe(stream, [sent = storm->sent()] { SignalStorm::wait_for(sent, 1); });
            print(many_lines(), stream);
            storm.reset();
            expect_lines(pipe.close_and_read());
          }
        });

Outcome try_print(std::string_view static_text, Stream stream) {
  note("calls print");
  heddle_outcome raw{};
  subject().capture->print(static_cast<std::uint32_t>(stream), static_text.data(),
                           static_text.size(), &raw);
  return Outcome("print", raw, false);
}

const auto broken_pipe =
    clause("OUTPUT-351")
        .profile(everywhere,
                 "Printing to a pipe that nobody reads any more panics, and says so, where SIGPIPE "
                 "is ignored.")
        .source(sources_of_print)
        .needs({Feature::output_capture, Feature::panic})
        .example([] {
          static_cast<void>(::signal(SIGPIPE, SIG_IGN));  // cannot fail: the signal can be ignored
          for (const Stream stream : {Stream::output, Stream::error}) {
            std::array<int, 2> ends{};
            if (::pipe(ends.data()) != 0 || ::dup2(ends[1], static_cast<int>(stream)) < 0 ||
                ::close(ends[0]) != 0) {
              internal_error("the system has no pipe to put in place of a stream");
            }
            const Outcome printed = try_print("nobody reads this\n", stream);
            expect(printed, panicked());
            expect(printed.text().find("Broken pipe") != std::string_view::npos,
                   "the panic's message has \"Broken pipe\"",
                   fmt::format("it is \"{}\"", printed.text()));
          }
        });

const auto closed_stream =
    clause("OUTPUT-352")
        .profile(everywhere, "What is printed to a stream that is closed is lost, without a panic.")
        .source(sources_of_print)
        .needs({Feature::output_capture})
        .example([] {
          for (const Stream stream : {Stream::output, Stream::error}) {
            // It may be closed already.
            static_cast<void>(::close(static_cast<int>(stream)));
            expect(try_print("nobody reads this\n", stream), returned());
          }
        });

// Leaves so much room in the pipe in place of the stream, and no more.
void leave_room(std::size_t room, Stream stream) {
  const int descriptor = static_cast<int>(stream);
  const int capacity = ::fcntl(descriptor, F_GETPIPE_SZ);
  const std::string filling(static_cast<std::size_t>(std::max(capacity, 0)) - room, '\n');
  const ssize_t written = ::write(descriptor, filling.data(), filling.size());
  if (written != static_cast<ssize_t>(filling.size())) {
    internal_error("the pipe in place of a stream does not take what it has room for");
  }
}

constexpr std::string_view long_text =
    "one of all that panic at once, with a message so long that a pipe which is nearly full has no "
    "room for it, while the few words that a message begins with would still fit, and even those "
    "of a second one, so that the two would be mixed";

// Expects that the text consists of whole messages, one for each thread.
void expect_whole_messages(std::string_view text, std::size_t threads) {
  constexpr std::string_view first_words = "thread '";
  std::size_t messages = 0;
  for (std::size_t begin = text.find(first_words); begin != std::string_view::npos;) {
    const std::size_t next = text.find(first_words, begin + 1);
    const std::string_view message = text.substr(begin, next - begin);
    expect(message.find(long_text) != std::string_view::npos && message.back() == '\n',
           "each message comes whole", fmt::format("one is \"{}\"", message));
    ++messages;
    begin = next;
  }
  expect_equal(messages, threads, "how many messages came");
}

const auto messages_stay_whole =
    clause("OUTPUT-353")
        .profile(
            {"rust-1.95..", "heddle"},
            "The messages of threads that panic at once come one after another, each whole, even "
            "when standard error takes little at a time.")
        .source("Rust 1.95, library/std/src/panicking.rs: default_hook")
        .needs({Feature::spawn, Feature::join, Feature::thread_panics})
        .example([] {
          constexpr std::size_t threads = 10;
          const Signal may_read;
          SlowPipe pipe(Stream::error, [=] { may_read.wait(); });
          // Too little for a whole message, enough for the first words of several.
          leave_room(long_text.size() / 2, Stream::error);
          const std::vector<SharedNumber<pid_t>> kernel_threads(threads);
          const Barrier all_alive(threads + 1);
          std::vector<JoinHandle> handles;
          for (const SharedNumber<pid_t> kernel_thread : kernel_threads) {
            handles.push_back(spawn([=] {
              kernel_thread.set(kernel_thread_id());
              all_alive.wait();
              return panics(long_text);
            }));
          }
          all_alive.wait();
          for (const SharedNumber<pid_t> kernel_thread : kernel_threads) {
            let_block(kernel_thread.get());
          }
          may_read.set();
          for (const JoinHandle handle : handles) {
            expect(join(handle), caught());
          }
          expect_whole_messages(pipe.close_and_read(), threads);
        });

}  // namespace
}  // namespace heddle::conformance
