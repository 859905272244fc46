// Counted heap functions. The executable's malloc takes precedence over libc's, in libc itself and
// in every library.
#include "allocations.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace {

// All three are relaxed: they are read after the counted threads have been joined.
constinit std::atomic<bool> counting{false};
constinit std::atomic<std::size_t> calls{0};
constinit std::atomic<std::size_t> bytes{0};

void count(std::size_t size) noexcept {
  if (counting.load(std::memory_order_relaxed)) {
    calls.fetch_add(1, std::memory_order_relaxed);
    bytes.fetch_add(size, std::memory_order_relaxed);
  }
}

}  // namespace

// glibc's own allocator, under the names that glibc keeps for this purpose. Its free() takes what
// these return.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t number, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

[[gnu::visibility("default")]] void* malloc(std::size_t size) noexcept {
  count(size);
  return __libc_malloc(size);
}

[[gnu::visibility("default")]] void* calloc(std::size_t number, std::size_t size) noexcept {
  count(number * size);
  return __libc_calloc(number, size);
}

[[gnu::visibility("default")]] void* realloc(void* old, std::size_t size) noexcept {
  count(size);
  return __libc_realloc(old, size);
}

[[gnu::visibility("default")]] void* aligned_alloc(std::size_t alignment,
                                                   std::size_t size) noexcept {
  count(size);
  return __libc_memalign(alignment, size);
}

[[gnu::visibility("default")]] int posix_memalign(void** result, std::size_t alignment,
                                                  std::size_t size) noexcept {
  count(size);
  *result = __libc_memalign(alignment, size);
  return *result != nullptr ? 0 : ENOMEM;
}
}

namespace heddle::bench {

Allocations allocations() noexcept {
  return {calls.load(std::memory_order_relaxed), bytes.load(std::memory_order_relaxed)};
}

void count_allocations(bool on) noexcept {
  counting.store(on, std::memory_order_relaxed);
}

}  // namespace heddle::bench
