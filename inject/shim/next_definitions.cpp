#include "next_definitions.hpp"

#include <dlfcn.h>

#include <cerrno>

#include "fatal.hpp"
#include "processor.hpp"

namespace heddle::inject {

constinit NextDefinitions next_definitions{};

namespace {

constinit std::atomic<std::uint64_t> early_call_count{0};

const void* object_of(const void* function) {
  Dl_info object;
  return dladdr(function, &object) != 0 ? object.dli_fbase : nullptr;
}

template <typename Function>
void resolve(NextDefinition<Function>& next) {
  next.function.store(reinterpret_cast<Function>(find_next_definition(next.name)),
                      std::memory_order_relaxed);
}

template <typename Function>
void resolve_nearest(NextDefinition<Function>& next) {
  next.function.store(reinterpret_cast<Function>(find_nearest_definition(next.name)),
                      std::memory_order_relaxed);
}

}  // namespace

void* find_nearest_definition(const char* name) {
  const int saved_errno = errno;
  void* const found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) {
    fatal({name, ": no definition after the shim's own"});
  }
  errno = saved_errno;
  return found;
}

// dlsym alone may pick the oldest of several versions, which behaves differently. dlvsym alone
// skips an interposer, whose definitions have no version. So dlsym finds the next object, and
// dlvsym the definition in that object.
void* find_next_definition(const char* name) {
  const int saved_errno = errno;
  void* const nearest = find_nearest_definition(name);
  void* found = nearest;
  for (const char* version : libc_versions) {
    void* const versioned = dlvsym(RTLD_NEXT, name, version);
    if (versioned != nullptr && object_of(versioned) == object_of(nearest)) {
      found = versioned;
      break;
    }
  }
  errno = saved_errno;
  return found;
}

void note_early_call() {
  early_call_count.fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t early_calls() {
  return early_call_count.load(std::memory_order_relaxed);
}

void resolve_next_definitions() {
  // An allocator that a later look-up wakes makes its locks with these.
  resolve_nearest(next_definitions.pthread_mutex_init);
  resolve_nearest(next_definitions.pthread_cond_init);
#define HEDDLE_INJECT_RESOLVE(symbol) resolve(next_definitions.symbol);
  HEDDLE_INJECT_WRAPPED_SYMBOLS(HEDDLE_INJECT_RESOLVE)
#undef HEDDLE_INJECT_RESOLVE
}

}  // namespace heddle::inject
