// wrap_memory_map.cpp: mmap and mmap64, one call under two names. Programs built with 64-bit
// offsets import the latter, as does Rust.
//
// An allocator may get here from within the dlsym that would resolve the next definition; waiting
// for that one would be a deadlock, so an unresolved call enters the kernel itself.
#include <sys/mman.h>
#include <sys/syscall.h>

#include <bit>

#include "decision.h"
#include "exported.h"
#include "next_definitions.h"
#include "raw_system_call.h"

namespace heddle::inject {
namespace {

template <typename Function>
void* map(const std::atomic<Function>& pointer, void* address, size_t length, int protection,
          int flags, int descriptor, off64_t offset) {
  const Decision decision = decide(HEDDLE_INJECT_MMAP);
  if (decision.verdict == Verdict::kFail) {
    errno = decision.error;
    return MAP_FAILED;
  }
  const Function next = pointer.load(std::memory_order_relaxed);
  if (next != nullptr) {
    return next(address, length, protection, flags, descriptor, offset);
  }
  return std::bit_cast<void*>(as_libc_result(
      raw_system_call(SYS_mmap, address, length, protection, flags, descriptor, offset)));
}

}  // namespace
}  // namespace heddle::inject

using heddle::inject::next_definitions;

HEDDLE_INJECT_EXPORTED void* mmap(void* address, size_t length, int protection, int flags,
                                  int descriptor, off_t offset) noexcept {
  return heddle::inject::map(next_definitions.mmap, address, length, protection, flags, descriptor,
                             offset);
}

HEDDLE_INJECT_EXPORTED void* mmap64(void* address, size_t length, int protection, int flags,
                                    int descriptor, off64_t offset) noexcept {
  return heddle::inject::map(next_definitions.mmap64, address, length, protection, flags,
                             descriptor, offset);
}
