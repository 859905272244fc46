// What the contenders' loops read and call.
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

/// A number with a destructor that the compiler cannot leave out.
struct Droppable {
  std::uint64_t number = 1;

  constexpr explicit Droppable(std::uint64_t its_number) : number(its_number) {}
  constexpr Droppable(Droppable&& other) noexcept : number(std::exchange(other.number, 0)) {}
  Droppable& operator=(Droppable&&) = delete;
  ~Droppable() { benchmark::DoNotOptimize(number); }
};

/// A function that might panic, for all that its caller knows.
[[gnu::noinline]] inline std::size_t work(std::size_t number) {
  benchmark::DoNotOptimize(number);
  return number + 1;
}

/// Calls `once` so often, or up to seven times more: eight calls a turn, so that the loop around
/// them hardly counts.
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
