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

/// Calls `once` so often, or up to seven times more: eight calls a turn, since a loop of a few
/// instructions is faster or slower by a third for where it happens to lie.
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

/// Calls `read` so often, through a pointer of which the compiler knows nothing: it would find the
/// address of the thread local, or even its value, once for all calls.
inline void repeat(std::uint64_t (*read)(), std::size_t iterations) {
  benchmark::DoNotOptimize(read);
  std::uint64_t sum = 0;
  repeat([&] { sum += read(); }, iterations);
  benchmark::DoNotOptimize(sum);
}

/// The same as a Loop.
template <std::uint64_t (*read)()>
void repeat(std::size_t iterations) {
  repeat(read, iterations);
}

}  // namespace heddle::bench
