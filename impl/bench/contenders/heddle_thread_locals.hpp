// Heddle's thread locals. Included once into the executable and once into the shared library.
#pragma once

#include <heddle/cell.hpp>
#include <heddle/thread/thread_local.hpp>

#include "contenders/loops.hpp"
#include "contenders/measured_value.hpp"

namespace heddle::bench {
namespace {

HEDDLE_THREAD_LOCAL_CONST(TRIVIAL, Cell<std::uint64_t>(1));
HEDDLE_THREAD_LOCAL_CONST(CONSTANT, Droppable(1));
HEDDLE_THREAD_LOCAL(LAZY, Droppable(work(0)));
HEDDLE_THREAD_LOCAL_OS(SYSTEM_KEY, Droppable(work(0)));

void prepare(std::uint64_t number) {
  TRIVIAL.set(number);
}
std::uint64_t read_trivial() {
  return TRIVIAL.with([](const Cell<std::uint64_t>& cell) { return cell.get(); });
}
std::uint64_t read_constant() {
  return CONSTANT.with([](const Droppable& value) { return value.number; });
}
std::uint64_t read_lazy() {
  return LAZY.with([](const Droppable& value) { return value.number; });
}
std::uint64_t read_system_key() {
  return SYSTEM_KEY.with([](const Droppable& value) { return value.number; });
}

constexpr ThreadLocals heddle_thread_locals{
    .prepare = prepare,
    .trivial = read_trivial,
    .constant = read_constant,
    .lazy = read_lazy,
    .system_key = read_system_key,
};

}  // namespace
}  // namespace heddle::bench
