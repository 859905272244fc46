// processor.hpp: the contract between the shim and the folder of the processor for which it is
// built. The folder (x86_64/, aarch64/) is the only place that knows registers, instructions, what
// lies around a thread pointer, and in which calls and versions one processor's Linux and glibc
// differ from another's.
//
// A folder holds:
//
//   processor.hpp    defines everything that is declared here, inline
//   vfork.S          the wrapper of vfork (see heddle_inject_decide_vfork)
//   raw.hpp          defines what raw/processor.hpp declares; absent where there is no raw layer
//   departures.S     the thunks of raw/departures.hpp; absent where there is no raw layer
//   processor.cmake  lists the folder's sources, and the compiler's options
//
// A new processor also gets a line below, and one in each of the files that README.md lists.
//
// Everything here runs inside wrapped calls: it allocates and locks nothing, enters no function of
// libc, keeps errno, and is async-signal-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace heddle::inject {

/// The six arguments that a system call can take.
using SystemCallArguments = std::array<long, 6>;

/// Makes a system call. Returns the kernel's answer: a value, or a negative errno.
long enter_kernel(long number, const SystemCallArguments& arguments);

/// Says whether a call instruction ends right before `address`. Reads at most `longest_call` bytes
/// below the address; the caller has made sure that they can be read.
bool call_stands_before(const std::uint8_t* address);

/// Returns a return address as it leads to code: without a signature, where the processor signs
/// return addresses.
const void* without_signature(const void* return_address);

/// Replaces `word` by `wanted` if it is `seen`, else sets `seen` to the word. False if the word was
/// not replaced, which may happen for no reason. Atomic towards signal handlers of this thread
/// alone: other threads do not use the word.
bool exchange_in_thread(std::uint64_t& word, std::uint64_t& seen, std::uint64_t wanted);

}  // namespace heddle::inject

// A folder also defines these constants:
//
//   const char* processor_name            as messages call it
//   std::size_t longest_call              see call_stands_before
//   std::uintptr_t above_thread_pointer   how far above its thread pointer, at most, the stack of a
//                                         thread ends: there, libc keeps data of its own
//   const char* libc_versions[]           the versions under which glibc exports the wrapped
//                                         functions, newest first
//
// It gives a system call that its kernel lacks the number -1, in <sys/syscall.h>'s name: rows of
// such calls are reached by the function's name alone.
#if defined(__x86_64__)
#include "x86_64/processor.hpp"
#elif defined(__aarch64__)
#include "aarch64/processor.hpp"
#else
#error "the shim knows no such processor"
#endif
