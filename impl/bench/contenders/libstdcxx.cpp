// What the C++ standard library offers for the same purpose.
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "contenders/libstdcxx_thread_locals.hpp"
#include "contenders/loops.hpp"
#include "contenders/measured_value.hpp"
#include "contenders/shared_library.hpp"

namespace heddle::bench {
namespace {

void spawn_join(std::size_t iterations) {
  for (std::size_t i = 0; i < iterations; ++i) {
    std::thread([] {}).join();
  }
}

void spawn_64_join(std::size_t iterations) {
  for (std::size_t i = 0; i < iterations; ++i) {
    std::vector<std::thread> threads;
    threads.reserve(64);
    for (int thread = 0; thread < 64; ++thread) {
      threads.emplace_back([] {});
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
  }
}

// std::jthread joins in its destructor: the library's nearest thing to a scope.
template <int threads>
void scope_of(std::size_t iterations) {
  for (std::size_t i = 0; i < iterations; ++i) {
    std::vector<std::jthread> scope;
    scope.reserve(threads);
    for (int thread = 0; thread < threads; ++thread) {
      scope.emplace_back([] {});
    }
  }
}

// Not std::binary_semaphore: in g++ 12 its acquire() can sleep for ever (GCC bug 104928).
class Token {
 public:
  void give() {
    {
      const std::lock_guard lock(mutex_);
      there_ = true;
    }
    given_.notify_one();
  }
  void take() {
    std::unique_lock lock(mutex_);
    given_.wait(lock, [this] { return there_; });
    there_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable given_;
  bool there_ = false;
};

void unpark_park(std::size_t iterations) {
  Token token;
  for (std::size_t i = 0; i < iterations; ++i) {
    token.give();
    token.take();
  }
}

void round_trip(std::size_t iterations) {
  Token here;
  Token there;
  std::jthread other([&] {
    for (std::size_t i = 0; i < iterations; ++i) {
      there.take();
      here.give();
    }
  });
  for (std::size_t i = 0; i < iterations; ++i) {
    there.give();
    here.take();
  }
}

void catch_nothing(std::size_t iterations) {
  std::size_t number = 0;
  const auto call_below_catch = [&] {
    try {
      number += work(number);
    } catch (const char* text) {
      benchmark::DoNotOptimize(text);
    }
  };
  repeat(call_below_catch, iterations);
  benchmark::DoNotOptimize(number);
}

template <bool destructors>
[[gnu::noinline]] void descend(int depth) {
  using Local = std::conditional_t<destructors, Droppable, std::uint64_t>;
  Local local(1);  // not const: DoNotOptimize might then be optimized away
  benchmark::DoNotOptimize(local);
  if (depth == 1) {
    throw "snap";
  }
  if (depth > 1) {
    descend<destructors>(depth - 1);
  }
  benchmark::ClobberMemory();  // no tail call: the frame stays
}

template <int depth, bool destructors>
void throw_at(std::size_t iterations) {
  for (std::size_t i = 0; i < iterations; ++i) {
    try {
      descend<destructors>(depth);
    } catch (const char* text) {
      benchmark::DoNotOptimize(text);
    }
  }
}

void current_id(std::size_t iterations) {
  for (std::size_t i = 0; i < iterations; ++i) {
    benchmark::DoNotOptimize(std::this_thread::get_id());
  }
}

}  // namespace

const Loops& libstdcxx_loops() {
  static const Loops loops{
      .built_by = compiler,
      .spawn_join = spawn_join,
      .spawn_64_join = spawn_64_join,
      .scope_8 = scope_of<8>,
      .scope_64 = scope_of<64>,
      .unpark_park = unpark_park,
      .round_trip = round_trip,
      .catch_nothing = catch_nothing,
      .panic_depth_1 = throw_at<1, false>,
      .panic_depth_10 = throw_at<10, false>,
      .panic_depth_10_destructors = throw_at<10, true>,
      .current_id = current_id,
      .in_executable = &libstdcxx_thread_locals,
      .in_shared_library = libstdcxx_in_shared_library(),
  };
  return loops;
}

}  // namespace heddle::bench
