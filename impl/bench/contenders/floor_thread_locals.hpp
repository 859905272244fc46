// What no thread local can beat: a global variable, and the bare call that a key is read with.
// Included once into the executable and once into the shared library.
#pragma once

#include <pthread.h>

#include <cstdlib>

#include "contenders/loops.hpp"
#include "contenders/measured_value.hpp"

namespace heddle::bench {
namespace {

volatile std::uint64_t global = 1;

std::uint64_t read_global() {
  return global;
}

pthread_key_t made_key() {
  static const pthread_key_t key = [] {
    pthread_key_t created{};
    if (::pthread_key_create(&created, nullptr) != 0) {
      std::abort();  // no keys left in a process that has hardly any
    }
    return created;
  }();
  return key;
}

pthread_key_t floor_key{};

std::uint64_t read_key() {
  return *static_cast<const std::uint64_t*>(::pthread_getspecific(floor_key));
}

void repeat_system_key(std::size_t iterations) {
  std::uint64_t value = 1;
  floor_key = made_key();
  if (::pthread_setspecific(floor_key, &value) != 0) {
    std::abort();  // as above
  }
  repeat(read_key, iterations);
}

constexpr ThreadLocalLoops floor_thread_locals{
    .trivial = repeat<read_global>,
    .constant = repeat<read_global>,
    .lazy = repeat<read_global>,
    .system_key = repeat_system_key,
};

}  // namespace
}  // namespace heddle::bench
