// The test program's own operator new, so that it sees the runtime's allocations.
#include "allocation_ban.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#include "started_runtime.hpp"

namespace {

constinit std::atomic<bool> banned{false};

}  // namespace

void heddle::tests::ban_allocations() {
  banned = true;
}

// The other forms of new come from the sanitizer, which wants its own back.
#if !defined(HEDDLE_SANITIZED)

void* operator new(std::size_t size) {
  if (banned) {
    std::_Exit(9);
  }
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) {
    return memory;
  }
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}

#endif
