// The least that the operating system and the processor let anyone pay.
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>

#include "contenders/floor_thread_locals.hpp"
#include "contenders/loops.hpp"
#include "contenders/measured_value.hpp"
#include "contenders/shared_library.hpp"

namespace heddle::bench {
namespace {

void check(int error) {
  if (error != 0) {
    std::abort();  // a floor that skips its work would be too low
  }
}

extern "C" void* heddle_bench_nothing(void* /*argument*/) {
  return nullptr;
}

pthread_t spawn_nothing() {
  pthread_t thread{};
  check(::pthread_create(&thread, nullptr, heddle_bench_nothing, nullptr));
  return thread;
}

void join(pthread_t thread) {
  check(::pthread_join(thread, nullptr));
}

template <int threads>
void spawn_join(std::size_t iterations) {
  for (std::size_t i = 0; i < iterations; ++i) {
    std::array<pthread_t, threads> spawned{};
    for (pthread_t& thread : spawned) {
      thread = spawn_nothing();
    }
    for (const pthread_t thread : spawned) {
      join(thread);
    }
  }
}

void unpark_park(std::size_t iterations) {
  std::atomic<int> token{0};
  benchmark::DoNotOptimize(token);
  for (std::size_t i = 0; i < iterations; ++i) {
    token.exchange(1, std::memory_order_release);
    token.fetch_sub(1, std::memory_order_acquire);
  }
}

// A token that is waited for in the kernel.
struct Token {
  std::atomic<int> count{0};

  void give() {
    count.store(1, std::memory_order_release);
    ::syscall(SYS_futex, &count, FUTEX_WAKE_PRIVATE, 1, nullptr);
  }
  void take() {
    while (count.exchange(0, std::memory_order_acquire) == 0) {
      ::syscall(SYS_futex, &count, FUTEX_WAIT_PRIVATE, 0, nullptr);
    }
  }
};

struct Trip {
  std::size_t iterations;
  Token here;
  Token there;
};

extern "C" void* heddle_bench_other_end(void* argument) {
  auto& trip = *static_cast<Trip*>(argument);
  for (std::size_t i = 0; i < trip.iterations; ++i) {
    trip.there.take();
    trip.here.give();
  }
  return nullptr;
}

void round_trip(std::size_t iterations) {
  Trip trip{.iterations = iterations, .here = {}, .there = {}};
  pthread_t other{};
  check(::pthread_create(&other, nullptr, heddle_bench_other_end, &trip));
  for (std::size_t i = 0; i < iterations; ++i) {
    trip.there.give();
    trip.here.take();
  }
  join(other);
}

void plain_call(std::size_t iterations) {
  std::size_t number = 0;
  repeat([&] { number += work(number); }, iterations);
  benchmark::DoNotOptimize(number);
}

void current_id(std::size_t iterations) {
  for (std::size_t i = 0; i < iterations; ++i) {
    benchmark::DoNotOptimize(::pthread_self());
  }
}

}  // namespace

const Loops& floor_loops() {
  static const Loops loops{
      .built_by = compiler,
      .spawn_join = spawn_join<1>,
      .spawn_64_join = spawn_join<64>,
      .scope_8 = spawn_join<8>,
      .scope_64 = spawn_join<64>,
      .unpark_park = unpark_park,
      .round_trip = round_trip,
      .catch_nothing = plain_call,
      .panic_depth_1 = nullptr,
      .panic_depth_10 = nullptr,
      .panic_depth_10_destructors = nullptr,
      .current_id = current_id,
      .in_executable = &floor_thread_locals,
      .in_shared_library = floor_in_shared_library(),
  };
  return loops;
}

}  // namespace heddle::bench
