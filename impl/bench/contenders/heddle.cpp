#include <heddle/panic.hpp>
#include <heddle/thread.hpp>
#include <vector>

#include "contenders/heddle_thread_locals.hpp"
#include "contenders/loops.hpp"
#include "contenders/measured_value.hpp"
#include "contenders/shared_library.hpp"

namespace heddle::bench {
namespace {

void spawn_join(std::size_t iterations) {
  for (std::size_t i = 0; i < iterations; ++i) {
    thread::spawn([] {}).join().value();
  }
}

void spawn_64_join(std::size_t iterations) {
  for (std::size_t i = 0; i < iterations; ++i) {
    std::vector<thread::JoinHandle<void>> handles;
    handles.reserve(64);
    for (int thread = 0; thread < 64; ++thread) {
      handles.push_back(thread::spawn([] {}));
    }
    for (auto& handle : handles) {
      std::move(handle).join().value();
    }
  }
}

template <int threads>
void scope_of(std::size_t iterations) {
  for (std::size_t i = 0; i < iterations; ++i) {
    thread::scope([](const thread::Scope& scope) {
      for (int thread = 0; thread < threads; ++thread) {
        scope.spawn([] {});
      }
    });
  }
}

void unpark_park(std::size_t iterations) {
  const thread::Thread& self = thread::current();
  for (std::size_t i = 0; i < iterations; ++i) {
    self.unpark();
    thread::park();
  }
}

void play_both_ends(std::size_t iterations) {
  const thread::Thread& here = thread::current();
  auto there = thread::spawn([here, iterations] {
    for (std::size_t i = 0; i < iterations; ++i) {
      thread::park();
      here.unpark();
    }
  });
  for (std::size_t i = 0; i < iterations; ++i) {
    there.thread().unpark();
    thread::park();
  }
  std::move(there).join().value();
}

// Runs on a thread of its own: a scope may have left a token to the calling thread, whose first
// park would then return at once.
void round_trip(std::size_t iterations) {
  thread::spawn([iterations] { play_both_ends(iterations); }).join().value();
}

void catch_nothing(std::size_t iterations) {
  std::size_t number = 0;
  repeat([&] { number += panic::catch_unwind([&] { return work(number); }).value(); }, iterations);
  benchmark::DoNotOptimize(number);
}

template <bool destructors>
[[gnu::noinline]] void descend(int depth) {
  using Local = std::conditional_t<destructors, Droppable, std::uint64_t>;
  Local local(1);  // not const: DoNotOptimize might then be optimized away
  benchmark::DoNotOptimize(local);
  if (depth == 1) {
    panic::panic("snap");
  }
  if (depth > 1) {
    descend<destructors>(depth - 1);
  }
  benchmark::ClobberMemory();  // no tail call: the frame stays
}

template <int depth, bool destructors>
void panic_at(std::size_t iterations) {
  auto previous = panic::take_hook();
  panic::set_hook([](const panic::PanicInfo&) {});
  for (std::size_t i = 0; i < iterations; ++i) {
    auto result = panic::catch_unwind([] { descend<destructors>(depth); });
    benchmark::DoNotOptimize(result.has_error());
  }
  panic::set_hook(std::move(previous));
}

void current_id(std::size_t iterations) {
  for (std::size_t i = 0; i < iterations; ++i) {
    benchmark::DoNotOptimize(thread::current().id().as_u64());
  }
}

}  // namespace

const Loops& heddle_loops() {
  static const Loops loops{
      .built_by = compiler,
      .spawn_join = spawn_join,
      .spawn_64_join = spawn_64_join,
      .scope_8 = scope_of<8>,
      .scope_64 = scope_of<64>,
      .unpark_park = unpark_park,
      .round_trip = round_trip,
      .catch_nothing = catch_nothing,
      .panic_depth_1 = panic_at<1, false>,
      .panic_depth_10 = panic_at<10, false>,
      .panic_depth_10_destructors = panic_at<10, true>,
      .current_id = current_id,
      .in_executable = &heddle_thread_locals,
      .in_shared_library = heddle_in_shared_library(),
  };
  return loops;
}

}  // namespace heddle::bench
