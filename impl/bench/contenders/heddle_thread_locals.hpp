// Heddle's thread locals. Included once into the executable and once into the shared library.
#pragma once

#include <heddle/cell.hpp>
#include <heddle/thread/thread_local.hpp>

#include "contenders/loops.hpp"
#include "contenders/measured_value.hpp"

namespace heddle::bench {
namespace {

HEDDLE_THREAD_LOCAL_CONST(trivial, Cell<std::uint64_t>(1));
HEDDLE_THREAD_LOCAL_CONST(constant, Droppable(1));
HEDDLE_THREAD_LOCAL(lazy, Droppable(work(0)));
HEDDLE_THREAD_LOCAL_OS(system_key, Droppable(work(0)));

void prepare(std::uint64_t number) {
  trivial.set(number);
}
std::uint64_t read_trivial() {
  return trivial.with([](const Cell<std::uint64_t>& cell) { return cell.get(); });
}
std::uint64_t read_constant() {
  return constant.with([](const Droppable& value) { return value.number; });
}
std::uint64_t read_lazy() {
  return lazy.with([](const Droppable& value) { return value.number; });
}
std::uint64_t read_system_key() {
  return system_key.with([](const Droppable& value) { return value.number; });
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
