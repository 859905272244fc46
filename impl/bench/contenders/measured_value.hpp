// The values that the contenders' loops read, and the functions that they call.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace heddle::bench {

#ifdef __clang__
inline constexpr const char* compiler = __VERSION__;
#else
inline constexpr const char* compiler = "g++ " __VERSION__;
#endif

/// A number whose destructor the compiler cannot leave out.
struct Droppable {
  std::uint64_t number = 1;

  constexpr explicit Droppable(std::uint64_t its_number) : number(its_number) {}
  constexpr Droppable(Droppable&& other) noexcept : number(std::exchange(other.number, 0)) {}
  Droppable& operator=(Droppable&&) = delete;
  ~Droppable() { benchmark::DoNotOptimize(number); }
};

/// Returns `number` + 1. Its caller must expect a panic, since the compiler may not look inside.
[[gnu::noinline]] inline std::size_t work(std::size_t number) {
  benchmark::DoNotOptimize(number);
  return number + 1;
}

/// Calls `once` `iterations` times, rounded up to a multiple of eight: eight calls in each turn, so
/// that the loop around them hardly counts.
template <class Once>
[[gnu::always_inline]] inline void repeat(Once once, std::size_t iterations) {
  for (std::size_t i = 0; i < iterations; i += 8) {
    once();
    once();
    once();
    once();
    once();
    once();
    once();
    once();
  }
}

}  // namespace heddle::bench
