// Signal stacks: where they come from, who has one and for how long, and what if the system
// refuses.
#include <heddle/thread.hpp>

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include "child_process.hpp"
#include "counts_drop.hpp"
#include "scripted_calls.hpp"
#include "started_runtime.hpp"
#include "support/catch.hpp"
#include "sys/signal_stack.hpp"
#include "sys/stack_overflow.hpp"

namespace heddle::tests {
namespace {

using sys::SignalStack;
using sys::stack_overflow::Handler;

void set_signal_stack(void* memory, std::size_t size) {
  const stack_t stack{.ss_sp = memory, .ss_flags = 0, .ss_size = size};
  require_in_child(sigaltstack(&stack, nullptr) == 0, "the kernel takes the signal stack");
}

std::ptrdiff_t count_mappings() {
  std::ifstream maps("/proc/self/maps");
  return std::count(std::istreambuf_iterator<char>(maps), {}, '\n');
}

struct NeedsSignalStackOnDrop {
  bool armed = true;
  NeedsSignalStackOnDrop() = default;
  NeedsSignalStackOnDrop(NeedsSignalStackOnDrop&& other) noexcept
      : armed(std::exchange(other.armed, false)) {}
  NeedsSignalStackOnDrop& operator=(NeedsSignalStackOnDrop&&) = delete;
  ~NeedsSignalStackOnDrop() {
    if (armed) {
      require_in_child(signal_stack() != nullptr, "captures are dropped with one");
    }
  }
};

TEST_CASE("a thread has a signal stack until its captures are gone, and not in its thread locals") {
  if (sanitized) {
    return;
  }
  check_success(run_in_child([] {
    start_runtime();
    thread::spawn([captured = NeedsSignalStackOnDrop()] {
      sys::register_thread_local_destructor(nullptr, [](void*) {
        require_in_child(signal_stack() == nullptr, "thread locals are destroyed without one");
      });
      require_in_child(signal_stack() != nullptr, "the body runs with one");
    })
        .join()
        .value();
  }));
}

TEST_CASE("the number of mappings does not grow with the number of threads") {
  if (sanitized) {
    return;
  }
  check_success(run_in_child([] {
    start_runtime();
    // Eight at once, each time: of fewer the first batch would not have had its share.
    const auto batch = [] {
      std::barrier all_run(8);
      std::vector<thread::JoinHandle<void>> threads;
      for (int count = 0; count < 8; ++count) {
        threads.push_back(thread::spawn([&] { all_run.arrive_and_wait(); }));
      }
      for (auto& thread : threads) {
        std::move(thread).join().value();
      }
    };
    batch();  // the first may make libc map its arenas
    const std::ptrdiff_t before = count_mappings();
    for (int round = 0; round < 25; ++round) {
      batch();
    }
    require_in_child(count_mappings() <= before, "200 threads leave no mapping behind");
  }));
}

TEST_CASE("a signal stack has what the kernel needs, and a page below that nobody can touch") {
  CHECK(SignalStack::size() >= static_cast<std::size_t>(SIGSTKSZ));
  const Ending ending = run_in_child([&] {
    const SignalStack stack = SignalStack::take().value();
    std::fill_n(stack.lowest(), SignalStack::size(), std::byte{1});
    require_in_child(write(STDERR_FILENO, "all touched", 11) == 11, "standard error is there");
    *(stack.lowest() - 1) = std::byte{1};
  });
  CHECK(ending.signal == SIGSEGV);
  CHECK(ending.standard_error == "all touched");
}

// In children, since what is kept would serve the tests that come later.
TEST_CASE("a signal stack that was given back is the next one") {
  check_success(run_in_child([] {
    Script script;
    const void* first = nullptr;
    {
      const SignalStack stack = SignalStack::take().value();
      first = stack.lowest();
    }
    const SignalStack again = SignalStack::take().value();
    require_in_child(again.lowest() == first, "it is the same");
    require_in_child(script.calls("mmap").size() == 1, "none is mapped for the second");
  }));
}

bool is_mapped(std::byte* page) {
  return msync(page, 1, MS_ASYNC) == 0;  // ENOMEM if not
}

TEST_CASE("no more than 64 signal stacks are kept, and all of the others is unmapped") {
  check_success(run_in_child([] {
    std::vector<std::byte*> lowest;
    {
      std::vector<SignalStack> stacks;
      for (int count = 0; count < 70; ++count) {
        stacks.push_back(SignalStack::take().value());
        lowest.push_back(stacks.back().lowest());
      }
    }
    const auto page = static_cast<std::ptrdiff_t>(sysconf(_SC_PAGESIZE));
    const auto last_page = static_cast<std::ptrdiff_t>(SignalStack::size()) - page;
    std::ptrdiff_t kept = 0;
    for (std::byte* const address : lowest) {
      const bool mapped = is_mapped(address);
      kept += mapped ? 1 : 0;
      require_in_child(is_mapped(address - page) == mapped, "its guard goes with it");
      require_in_child(is_mapped(address + last_page) == mapped, "its last page goes with it");
    }
    require_in_child(kept == 64, "64 are kept");
  }));
}

TEST_CASE("a signal stack that cannot be mapped is the error of spawn, and the body is dropped") {
  const auto [call, error] =
      GENERATE(std::pair("mmap", ENOMEM), std::pair("mmap", EAGAIN), std::pair("mprotect", EACCES));
  check_success(run_in_child([call = call, error = error] {
    start_runtime();
    Script script;
    script.answer(call, error);
    int dropped = 0;
    auto refused = thread::Builder().spawn([witness = CountsDrop(dropped)] { std::_Exit(5); });
    require_in_child(refused.has_error(), "spawn is refused");
    require_in_child(refused.error().raw_os_error() == error, "with the errno of the call");
    require_in_child(dropped == 1, "the body has been dropped once");
    require_in_child(script.calls("pthread_create").empty(), "no thread is asked for");
    require_in_child(script.calls("pthread_attr_destroy").size() == 1,
                     "the attributes are destroyed");
    require_in_child(script.calls("munmap").size() == script.calls("mprotect").size(),
                     "what was mapped is unmapped");
    thread::spawn([] {}).join().value();
  }));
}

TEST_CASE("a signal stack that main has already stays, and serves") {
  check_success(run_in_child([] {
    static std::array<char, 65'536> own;
    set_signal_stack(own.data(), own.size());
    start_runtime();
    require_in_child(signal_stack() == own.data(), "it is not replaced");
    require_in_child(thread::stack_guard().has_value(), "overflows are reported on it");
    runtime::cleanup();
    require_in_child(signal_stack() == own.data(), "it outlives the runtime");
  }));
}

TEST_CASE("a signal stack that a thread sets up itself outlives the runtime's") {
  if (sanitized) {
    return;
  }
  check_success(run_in_child([] {
    start_runtime();
    static std::array<char, 65'536> own;
    thread::spawn([] {
      sys::register_thread_local_destructor(nullptr, [](void*) {
        require_in_child(signal_stack() == own.data(), "it is still there");
      });
      set_signal_stack(own.data(), own.size());
    })
        .join()
        .value();
  }));
}

// On a thread that no sanitizer has given a signal stack to.
template <class Body>
void without_signal_stack(Body body) {
  check_success(run_in_child([=] {
    const stack_t none{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
    require_in_child(sigaltstack(&none, nullptr) == 0, "the kernel takes a signal stack away");
    body();
  }));
}

TEST_CASE("a thread whose signal stack is refused has no reports and no guard") {
  without_signal_stack([] {
    Script script;
    script.pass("sigaltstack").answer("sigaltstack", ENOMEM);
    start_runtime();
    require_in_child(!sys::stack_overflow::is_reported(), "nothing is reported");
    require_in_child(!thread::stack_guard(), "there is no guard");
    require_in_child(script.calls("pthread_getattr_np").empty(), "nobody asks for one");
  });
}

TEST_CASE("a thread that cannot ask for its signal stack gets none") {
  without_signal_stack([] {
    Script script;
    script.answer("sigaltstack", EPERM);
    const Handler handler(SignalStack::take().value());
    require_in_child(!sys::stack_overflow::is_reported(), "nothing is reported");
    require_in_child(script.calls("sigaltstack").size() == 1, "none is set");
    require_in_child(signal_stack() == nullptr, "none is there");
  });
}

TEST_CASE("a signal stack that the kernel does not let go of is nobody else's again") {
  without_signal_stack([] {
    Script script;
    script.pass("sigaltstack").pass("sigaltstack").answer("sigaltstack", EPERM);
    SignalStack stack = SignalStack::take().value();
    const void* const lowest = stack.lowest();
    { const Handler handler(std::move(stack)); }
    require_in_child(SignalStack::take().value().lowest() != lowest, "the next one is another");
    require_in_child(script.calls("munmap").empty(), "it stays mapped");
  });
}

TEST_CASE("a thread without guard pages has no guard") {
  pthread_attr_t attributes{};
  pthread_attr_init(&attributes);
  pthread_attr_setguardsize(&attributes, 0);
  pthread_t native{};
  bool known = true;
  const auto look = [](void* answer) -> void* {
    *static_cast<bool*>(answer) = sys::guard::current().has_value();
    return nullptr;
  };
  REQUIRE(pthread_create(&native, &attributes, look, &known) == 0);
  pthread_join(native, nullptr);
  pthread_attr_destroy(&attributes);
  CHECK_FALSE(known);
}

}  // namespace
}  // namespace heddle::tests
