// program_memory.hpp: reads and writes through pointers that the program gives to the kernel. A
// pointer may lead nowhere: the kernel answers with EFAULT, so the program must not crash here.
#pragma once

#include <sys/syscall.h>
#include <sys/uio.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <type_traits>

#include "raw_system_call.hpp"
#include "system_call_filter.hpp"

namespace heddle::inject {

/// Lets the kernel copy within this process: `number` is SYS_process_vm_readv or
/// SYS_process_vm_writev. False when the program's pointer leads nowhere. Trusts the pointer where
/// the kernel lacks the call, or the program's filter may kill for it.
inline bool copy_program_memory(long number, void* own, void* programs, std::size_t size) {
  const iovec local{own, size};
  const iovec remote{programs, size};
  if (!is_filtered()) {
    const long process = raw_system_call(SYS_getpid);
    const long copied = raw_system_call(number, process, &local, 1, &remote, 1, 0);
    if (copied >= 0 || copied == -EFAULT) {
      return copied == static_cast<long>(size);
    }
  }
  const bool reads = number == SYS_process_vm_readv;
  std::memcpy(reads ? own : programs, reads ? programs : own, size);
  return true;
}

template <typename Value>
bool read_program_memory(Value& value, long address) {
  static_assert(std::is_trivially_copyable_v<Value>);
  return copy_program_memory(SYS_process_vm_readv, &value, std::bit_cast<void*>(address),
                             sizeof(Value));
}

template <typename Value>
bool write_program_memory(long address, Value value) {
  static_assert(std::is_trivially_copyable_v<Value>);
  return copy_program_memory(SYS_process_vm_writev, &value, std::bit_cast<void*>(address),
                             sizeof(Value));
}

}  // namespace heddle::inject
