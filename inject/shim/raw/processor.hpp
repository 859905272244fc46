// raw/processor.hpp: the raw layer's part of the contract in ../processor.hpp. A folder that has it
// also has departures.S.
#pragma once

#include <signal.h>
#include <ucontext.h>

#include <cstddef>
#include <cstdint>

#include "../processor.hpp"

namespace heddle::inject {

/// The registers of interrupted code that has just made a system call.
long system_call_of(const ucontext_t& context);
SystemCallArguments arguments_of(const ucontext_t& context);
std::uintptr_t program_counter_of(const ucontext_t& context);  ///< behind the instruction
std::uintptr_t stack_pointer_of(const ucontext_t& context);
std::uintptr_t frame_pointer_of(const ucontext_t& context);

/// Lets the interrupted code find the call's result, and go on at another address.
void set_result(ucontext_t& context, long result);
void set_program_counter(ucontext_t& context, std::uintptr_t address);

/// Says whether the call has the numbers of <sys/syscall.h>, and not those of an older interface.
bool has_known_number(const siginfo_t& trap);

/// Says whether the call changes registers that a return from a signal handler would put back,
/// apart from those of a new thread or process.
bool changes_own_registers(long number);

/// Returns what clone's arguments give the new thread as its thread pointer.
std::uint64_t thread_pointer_for_clone(const SystemCallArguments& arguments);

/// Says whether a thread pointer leads to storage that libc knows. Storage of another runtime has
/// no place for the shim's state.
bool is_storage_of_libc(std::uint64_t thread_pointer);

}  // namespace heddle::inject

// A folder also defines these constants, and the functions of departures.S with them:
//
//   std::size_t system_call_size   of the instruction, with which a thunk for a call begins
//   std::size_t call_thunk_size    of a thunk for a call, native or compatible
//   std::size_t spawn_thunk_size   of a thunk for a call that makes a thread or process
#if defined(__x86_64__)
#include "../x86_64/raw.hpp"
#else
#error "there is no raw layer for this processor"
#endif
