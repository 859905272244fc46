// wrap_memory.cpp: the calls that map memory. mmap and mmap64 are one call under two names:
// programs built with 64-bit offsets import the latter, as does Rust. Allocators call all of these.
#include <sys/mman.h>

#include <cstdarg>

#include "exported.hpp"
#include "leak_checker.hpp"
#include "next_definitions.hpp"
#include "wrapped_call.hpp"

using heddle::inject::look_in_mapping;
using heddle::inject::next_definitions;
using heddle::inject::or_kernel;
using heddle::inject::wrap;

HEDDLE_INJECT_EXPORTED void* mmap(void* address, std::size_t length, int protection, int flags,
                                  int descriptor, off_t offset) noexcept {
  void* const memory = wrap<HEDDLE_INJECT_MMAP>(or_kernel<SYS_mmap>(next_definitions.mmap), address,
                                                length, protection, flags, descriptor, offset);
  look_in_mapping(__builtin_return_address(0), memory, length, protection);
  return memory;
}

HEDDLE_INJECT_EXPORTED void* mmap64(void* address, std::size_t length, int protection, int flags,
                                    int descriptor, off64_t offset) noexcept {
  void* const memory =
      wrap<HEDDLE_INJECT_MMAP>(or_kernel<SYS_mmap>(next_definitions.mmap64), address, length,
                               protection, flags, descriptor, offset);
  look_in_mapping(__builtin_return_address(0), memory, length, protection);
  return memory;
}

HEDDLE_INJECT_EXPORTED int mprotect(void* address, std::size_t length, int protection) noexcept {
  return wrap<HEDDLE_INJECT_MPROTECT>(or_kernel<SYS_mprotect>(next_definitions.mprotect), address,
                                      length, protection);
}

HEDDLE_INJECT_EXPORTED int munmap(void* address, std::size_t length) noexcept {
  return wrap<HEDDLE_INJECT_MUNMAP>(or_kernel<SYS_munmap>(next_definitions.munmap), address,
                                    length);
}

// The fifth argument is there only with MREMAP_FIXED or MREMAP_DONTUNMAP. Like libc, this reads it
// always.
HEDDLE_INJECT_EXPORTED void* mremap(void* old_address, std::size_t old_length,
                                    std::size_t new_length, int flags, ...) noexcept {
  va_list list;
  va_start(list, flags);
  void* const new_address = va_arg(list, void*);
  va_end(list);
  void* const memory =
      wrap<HEDDLE_INJECT_MREMAP>(or_kernel<SYS_mremap>(next_definitions.mremap), old_address,
                                 old_length, new_length, flags, new_address);
  look_in_mapping(__builtin_return_address(0), memory, new_length, PROT_READ | PROT_WRITE);
  return memory;
}

HEDDLE_INJECT_EXPORTED int madvise(void* address, std::size_t length, int advice) noexcept {
  return wrap<HEDDLE_INJECT_MADVISE>(or_kernel<SYS_madvise>(next_definitions.madvise), address,
                                     length, advice);
}
