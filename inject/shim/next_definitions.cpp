#include "next_definitions.h"

#include <dlfcn.h>

#include <cerrno>

#include "fatal.h"

namespace heddle::inject {

constinit NextDefinitions next_definitions{};

namespace {

/// The versions under which glibc exports the wrapped functions on x86-64, newest first.
constexpr const char* kVersions[] = {"GLIBC_2.34", "GLIBC_2.2.5"};

const void* object_of(const void* function) {
  Dl_info object;
  return dladdr(function, &object) != 0 ? object.dli_fbase : nullptr;
}

/// dlsym alone may pick the oldest of several versions, which behaves differently; dlvsym alone
/// skips over an interposer, whose definitions have no version. So dlsym says which object is next,
/// and dlvsym which of that object's definitions.
void* find_next(const char* name) {
  void* const nearest = dlsym(RTLD_NEXT, name);
  if (nearest == nullptr) {
    fatal({name, ": no definition after the shim's own"});
  }
  for (const char* version : kVersions) {
    void* const versioned = dlvsym(RTLD_NEXT, name, version);
    if (versioned != nullptr && object_of(versioned) == object_of(nearest)) {
      return versioned;
    }
  }
  return nearest;
}

template <typename Function>
void resolve(std::atomic<Function>& pointer, const char* name) {
  pointer.store(reinterpret_cast<Function>(find_next(name)), std::memory_order_relaxed);
}

}  // namespace

void resolve_next_definitions() {
  const int saved_errno = errno;
  resolve(next_definitions.pthread_create, "pthread_create");
  resolve(next_definitions.pthread_attr_setstacksize, "pthread_attr_setstacksize");
  resolve(next_definitions.mmap, "mmap");
  resolve(next_definitions.mmap64, "mmap64");
  resolve(next_definitions.sigaltstack, "sigaltstack");
  resolve(next_definitions.syscall, "syscall");
  errno = saved_errno;
}

}  // namespace heddle::inject
