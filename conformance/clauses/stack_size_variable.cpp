// The forms in which RUST_MIN_STACK may have a number: those that Rust's parser of integers takes,
// and those that it refuses. The variable is read once, so each form has a process of its own.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include "clauses/in_child.hpp"
#include "clauses/thread_stack.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

// Returns the text with other bytes than printable ASCII in hexadecimal.
std::string printable(std::string_view text) {
  std::string shown;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    shown += byte < ' ' || byte > '~' ? fmt::format("\\x{:02x}", byte) : std::string(1, letter);
  }
  return shown;
}

// Expects that a variable with each of these texts gives a stack of about that size.
template <class Texts>
void expect_stacks_of(const Texts& texts, std::uint64_t size) {
  for (const char* const text : texts) {
    const auto actual = number_from_child([=] {
      set_variable(text);
      return stack_of_thread().size;
    });
    if (!actual) {
      return;
    }
    expect_about(*actual, size, fmt::format("the stack with \"{}\"", printable(text)));
  }
}

const auto forms_that_count =
    clause("SPAWN-362")
        .profile(everywhere,
                 "RUST_MIN_STACK may have a plus sign before its digits, and zeros before others.")
        .source(sources_of_min_stack)
        .needs({Feature::stack_size, Feature::join})
        .example([] {
          constexpr std::array texts = {"1048576", "+1048576", "0001048576", "+0001048576"};
          expect_stacks_of(texts, mebibyte);
        });

const auto forms_that_do_not_count =
    clause("SPAWN-363")
        .profile(everywhere,
                 "RUST_MIN_STACK is ignored whole when anything but digits is in it, or more than "
                 "64 bits hold.")
        .source(sources_of_min_stack)
        .needs({Feature::stack_size, Feature::join})
        .example([] {
          constexpr std::array texts = {"",
                                        "+",
                                        "-",
                                        "-1048576",
                                        "++1048576",
                                        "+ 1048576",
                                        "\t1048576",
                                        "1048576 ",
                                        "1048576\n",
                                        "0x100000",
                                        "1_048_576",
                                        "1048576.0",
                                        "1e6",
                                        "1M",
                                        "1048576k",
                                        "18446744073709551616",
                                        "99999999999999999999999999",
                                        "\xff"
                                        "1048576",
                                        "1048576\xff",
                                        "\xd9\xa1\xd9\xa0\xd9\xa4\xd9\xa8"};
          expect_stacks_of(texts, 2 * mebibyte);
        });

const auto retry_rounds_up =
    clause("SPAWN-364")
        .profile(everywhere,
                 "A stack size that the system calls invalid is rounded up, not down: the thread "
                 "has the stack of the next whole number of pages.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread.rs: Thread::new; "
            "Rust 1.95, library/std/src/sys/thread/unix.rs: Thread::new; "
            "pthread_attr_setstacksize(3)")
        .needs({Feature::stack_size, Feature::join})
        .fault(fails(HEDDLE_INJECT_PTHREAD_ATTR_SETSTACKSIZE, EINVAL))
        .example([] {
          const std::uint64_t whole = 32 * page_size();
          for (const std::uint64_t odd : {whole + 1, whole + page_size() - 1}) {
            const std::uint64_t retried =
                armed([=] { return stack_of_thread({.stack_size = odd}).size; });
            // Not smaller than the first, whose stack libc may hand out again.
            const std::uint64_t asked = stack_of_thread({.stack_size = whole + page_size()}).size;
            expect_equal(retried, asked,
                         fmt::format("the size of the stack for {} bytes, tried again", odd));
          }
        });

// Returns by how many bytes the stacks of two threads differ that are alive at the same time, so
// that libc cannot hand out the first one again.
std::uint64_t difference_between_threads() {
  const Signal is_alive;
  const Signal may_end;
  const Counter size_of_first;
  const JoinHandle first = spawn([=] {
    size_of_first.set(own_stack().size);
    is_alive.set();
    may_end.wait();
    return returns();
  });
  is_alive.wait();
  const std::uint64_t size_of_second = stack_of_thread().size;
  may_end.set();
  expect(join(first), returned());
  return std::max(size_of_first.get(), size_of_second) -
         std::min(size_of_first.get(), size_of_second);
}

const auto size_is_remembered_to_the_byte =
    clause("SPAWN-391")
        .profile(everywhere,
                 "RUST_MIN_STACK gives all threads the same size, also if that is no whole number "
                 "of pages.")
        .source(sources_of_min_stack)
        .needs({Feature::stack_size, Feature::join})
        .example([] {
          // libc rounds a size down, to what the thread's storage is aligned to: one byte less is
          // seen with the first of these, one byte more with the second.
          for (const std::uint64_t size : {mebibyte, mebibyte + page_size() - 1}) {
            const auto difference = number_from_child([=] {
              set_variable(std::to_string(size).c_str());
              return difference_between_threads();
            });
            if (!difference) {
              return;
            }
            expect_equal(*difference, 0, "by how many bytes the stacks of two threads differ");
          }
        });

}  // namespace
}  // namespace heddle::conformance
