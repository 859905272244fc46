// The compiler's own thread locals. Included once into the executable and once into the shared
// library, where they are general-dynamic: what C++ programs have by default.
#pragma once

#include "contenders/loops.hpp"
#include "contenders/measured_value.hpp"

namespace heddle::bench {
namespace {

constinit thread_local std::uint64_t plain_trivial = 1;
constinit thread_local Droppable plain_constant{1};
thread_local Droppable plain_lazy{work(0)};

std::uint64_t read_plain_trivial() {
  return plain_trivial;
}
// Written to, or the compiler would know that it is constant.
void repeat_plain_trivial(std::size_t iterations) {
  plain_trivial = iterations;
  repeat(read_plain_trivial, iterations);
}
std::uint64_t read_plain_constant() {
  return plain_constant.number;
}
std::uint64_t read_plain_lazy() {
  return plain_lazy.number;
}

constexpr ThreadLocalLoops libstdcxx_thread_locals{
    .trivial = repeat_plain_trivial,
    .constant = repeat<read_plain_constant>,
    .lazy = repeat<read_plain_lazy>,
    .system_key = nullptr,
};

}  // namespace
}  // namespace heddle::bench
