// The compiler's own thread locals. Included once into the executable and once into the shared
// library, where they have C++'s default model, general-dynamic.
#pragma once

#include "contenders/loops.hpp"
#include "contenders/measured_value.hpp"

namespace heddle::bench {
namespace {

constinit thread_local std::uint64_t plain_trivial = 1;
constinit thread_local Droppable plain_constant{1};
thread_local Droppable plain_lazy{work(0)};

void prepare_plain(std::uint64_t number) {
  plain_trivial = number;
}
std::uint64_t read_plain_trivial() {
  return plain_trivial;
}
std::uint64_t read_plain_constant() {
  return plain_constant.number;
}
std::uint64_t read_plain_lazy() {
  return plain_lazy.number;
}

constexpr ThreadLocals libstdcxx_thread_locals{
    .prepare = prepare_plain,
    .trivial = read_plain_trivial,
    .constant = read_plain_constant,
    .lazy = read_plain_lazy,
    .system_key = nullptr,
};

}  // namespace
}  // namespace heddle::bench
