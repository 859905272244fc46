// The lower bound for thread locals: a global variable, and the bare call that reads a key.
// Included once into the executable and once into the shared library.
#pragma once

#include <pthread.h>

#include <cstdint>
#include <cstdlib>

#include "contenders/loops.hpp"
#include "contenders/measured_value.hpp"

namespace heddle::bench {
namespace {

volatile std::uint64_t global = 1;
pthread_key_t key{};

void prepare_floor(std::uint64_t number) {
  static std::uint64_t value;
  static const int error = ::pthread_key_create(&key, nullptr);
  value = number;
  if (error != 0 || ::pthread_setspecific(key, &value) != 0) {
    std::abort();  // no keys left, or no memory, in a process that has hardly used any
  }
}
std::uint64_t read_global() {
  return global;
}
std::uint64_t read_key() {
  return *static_cast<const std::uint64_t*>(::pthread_getspecific(key));
}

constexpr ThreadLocals floor_thread_locals{
    .prepare = prepare_floor,
    .trivial = read_global,
    .constant = read_global,
    .lazy = read_global,
    .system_key = read_key,
};

}  // namespace
}  // namespace heddle::bench
