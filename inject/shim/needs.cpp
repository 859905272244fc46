#include "needs.hpp"

#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "memory_map.hpp"
#include "program_memory.hpp"
#include "signals.hpp"

namespace heddle::inject {
namespace {

struct Needed {
  heddle_inject_call row;
  int error;
  heddle_inject_need need;
};

#define HEDDLE_INJECT_NEEDED(row, error, need) \
  Needed{HEDDLE_INJECT_##row, error, HEDDLE_INJECT_NEED_##need},
constexpr Needed needed_errors[] = {HEDDLE_INJECT_NEEDS_TABLE(HEDDLE_INJECT_NEEDED)};
#undef HEDDLE_INJECT_NEEDED

static_assert(HEDDLE_INJECT_NEED_COUNT <= 32, "a site has one bit for each");

const pthread_attr_t* attributes_of(const Call& call) {
  return std::bit_cast<const pthread_attr_t*>(call.arguments[1]);
}

bool asks_for_scheduling(const Call& call) {
  int inherits = PTHREAD_INHERIT_SCHED;
  return attributes_of(call) != nullptr &&
         pthread_attr_getinheritsched(attributes_of(call), &inherits) == 0 &&
         inherits == PTHREAD_EXPLICIT_SCHED;
}

/// Says whether some machine refuses a stack of this size: a processor with large registers, or a
/// libc with much thread-local storage. A thread's stack may also have to be a multiple of pages.
bool is_small_stack(const Call& call) {
  constexpr long small_thread_stack = 128 << 10;
  constexpr std::size_t small_signal_stack = 16 << 10;
  constexpr long page = 4096;
  if (call.row == HEDDLE_INJECT_SIGALTSTACK) {
    stack_t stack{};
    return call.arguments[0] != 0 && read_program_memory(stack, call.arguments[0]) &&
           (stack.ss_flags & SS_DISABLE) == 0 && stack.ss_size < small_signal_stack;
  }
  const long size =
      call.arguments[call.row == HEDDLE_INJECT_PTHREAD_ATTR_SETSTACK ? std::size_t{2}
                                                                     : std::size_t{1}];
  return static_cast<unsigned long>(size) < small_thread_stack || size % page != 0;
}

bool runs_on_signal_stack() {
  stack_t stack{};
  return raw_system_call(SYS_sigaltstack, nullptr, &stack) == 0 &&
         (stack.ss_flags & SS_ONSTACK) != 0;
}

bool asks_for_privilege(long option) {
  switch (option) {
    case PR_SET_KEEPCAPS:
    case PR_SET_SECCOMP:
    case PR_CAPBSET_DROP:
    case PR_SET_SECUREBITS:
    case PR_MCE_KILL:
    case PR_SET_MM:
    case PR_CAP_AMBIENT:
    case PR_SET_SPECULATION_CTRL:
      return true;
    default:
      return false;
  }
}

bool can_wake_sleepers(long clock) {
  switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_MONOTONIC:
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_BOOTTIME:
    case CLOCK_REALTIME_ALARM:
    case CLOCK_BOOTTIME_ALARM:
    case CLOCK_TAI:
      return true;
    default:
      return clock < 0;  // another process's or thread's clock
  }
}

bool maps_file(const Call& call) {
  return call.row == HEDDLE_INJECT_MMAP && (call.arguments[3] & MAP_ANONYMOUS) == 0;
}

bool asks_for_pages(long advice) {
  constexpr long populate_read = 22, populate_write = 23,
                 collapse = 25;  // newer than some headers
  return advice == MADV_WILLNEED || advice == populate_read || advice == populate_write ||
         advice == collapse;
}

/// Says whether the advice stays with the range, which then becomes a mapping of its own.
bool is_kept_with_mapping(long advice) {
  return advice <= MADV_SEQUENTIAL || (advice >= MADV_DONTFORK && advice <= MADV_KEEPONFORK);
}

struct Range {
  std::uintptr_t start, end;
};

Range range_of(const Call& call) {
  constexpr std::uintptr_t page = 4096;
  const auto start = static_cast<std::uintptr_t>(call.arguments[0]);
  return {start, start + (static_cast<std::uintptr_t>(call.arguments[1]) + page - 1) / page * page};
}

/// Whether a range cuts a mapping, and whether it leaves parts of one mapping on both sides.
struct Cut {
  bool any = false;
  bool both_sides = false;
};

Cut cut_of(Range range) {
  Cut cut;
  for_each_mapping([&](const MemoryMapping& mapping) {
    if (mapping.end <= range.start) {
      return range.start;
    }
    if (mapping.start >= range.end) {
      return UINTPTR_MAX;
    }
    const bool before = mapping.start < range.start;
    const bool behind = mapping.end > range.end;
    cut.any = cut.any || before || behind;
    cut.both_sides = cut.both_sides || (before && behind);
    return mapping.end;
  });
  return cut;
}

bool takes_more_memory(const Call& call) {
  if (call.row == HEDDLE_INJECT_MPROTECT) {
    return (call.arguments[2] & PROT_WRITE) != 0 || cut_of(range_of(call)).any;
  }
  return is_kept_with_mapping(call.arguments[2]) && cut_of(range_of(call)).any;
}

bool grows_or_moves(const Call& call) {
  return static_cast<unsigned long>(call.arguments[2]) >
             static_cast<unsigned long>(call.arguments[1]) ||
         (call.arguments[3] & ~long{MREMAP_MAYMOVE}) != 0;
}

bool has_time_limit(const Call& call) {
  if (call.row != HEDDLE_INJECT_FUTEX_LOCK_PI && call.row != HEDDLE_INJECT_FUTEX_WAIT) {
    return true;  // a sleep
  }
  return call.arguments[3] != 0 && (call.arguments[1] & FUTEX_CMD_MASK) != FUTEX_TRYLOCK_PI;
}

/// Says whether a signal comes from outside. Others come with what a thread itself does, or belong
/// to libc or to the shim.
bool comes_from_outside(int signal) {
  constexpr int libcs_own[] = {32, 33};  // cancels threads, and changes the user of all
  switch (signal) {
    case SIGSEGV:
    case SIGBUS:
    case SIGILL:
    case SIGFPE:
    case SIGTRAP:
    case SIGSYS:
    case SIGKILL:
    case SIGSTOP:
      return false;
    default:
      return signal != libcs_own[0] && signal != libcs_own[1];
  }
}

/// Says whether a signal could interrupt the call. Behind a handler with SA_RESTART the kernel
/// starts a wait again if it has no limit; a wait with a limit ends.
bool can_be_interrupted(const Call& call) {
  const bool is_limited = has_time_limit(call);
  for (int signal = 1; signal <= signals; ++signal) {
    KernelSignalAction action{};
    if (comes_from_outside(signal) && exchange_signal_action(signal, nullptr, &action) == 0 &&
        action.handler != std::bit_cast<std::uintptr_t>(SIG_DFL) &&
        action.handler != std::bit_cast<std::uintptr_t>(SIG_IGN) &&
        (is_limited || (action.flags & SA_RESTART) == 0)) {
      return true;
    }
  }
  return false;
}

/// How many keys have their values in the thread's own descriptor, without an allocation: glibc,
/// nptl/pthread_setspecific.c.
constexpr pthread_key_t keys_in_thread = 32;

/// Says whether the futex word differs from the value that the call expects: a wait has it as its
/// value, FUTEX_CMP_REQUEUE as its last argument. FUTEX_REQUEUE expects none.
bool expects_another_value(const Call& call) {
  const long operation = call.arguments[1] & FUTEX_CMD_MASK;
  std::uint32_t word = 0;
  if (operation == FUTEX_REQUEUE || !read_program_memory(word, call.arguments[0])) {
    return false;
  }
  return word != static_cast<std::uint32_t>(
                     call.arguments[call.row == HEDDLE_INJECT_FUTEX_WAIT ? std::size_t{2}
                                                                         : std::size_t{5}]);
}

/// Returns the thread that the word of a lock names; 0: no thread, or the word cannot be read.
std::uint32_t owner_of(const Call& call) {
  std::uint32_t word = 0;
  return read_program_memory(word, call.arguments[0]) ? word & FUTEX_TID_MASK : 0;
}

bool is_owned_by_caller(const Call& call) {
  return owner_of(call) == static_cast<std::uint32_t>(raw_system_call(SYS_gettid));
}

bool waits_for_itself(const Call& call) {
  return call.row == HEDDLE_INJECT_PTHREAD_JOIN
             ? pthread_equal(static_cast<pthread_t>(call.arguments[0]), pthread_self()) != 0
             : is_owned_by_caller(call);
}

bool makes_namespace(const Call& call) {
  constexpr std::uint64_t namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                       CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWTIME;
  auto flags = static_cast<std::uint64_t>(call.arguments[0]);
  if (call.row == HEDDLE_INJECT_CLONE) {
    constexpr std::uint64_t exit_signal = 0xff;  // clone3 has CLONE_NEWTIME in these bits
    return (flags & namespaces & ~exit_signal) != 0;
  }
  return read_program_memory(flags, call.arguments[0]) && (flags & namespaces) != 0;
}

/// Linux's priorities are the same on all machines: 1 to 99 for the two real-time policies, and 0
/// for all others.
bool asks_for_other_priority(const Call& call) {
  int policy = SCHED_OTHER;
  pthread_attr_getschedpolicy(std::bit_cast<const pthread_attr_t*>(call.arguments[0]), &policy);
  const int priority = std::bit_cast<const sched_param*>(call.arguments[1])->sched_priority;
  return policy == SCHED_FIFO || policy == SCHED_RR ? priority < 1 || priority > 99 : priority != 0;
}

bool meets(heddle_inject_need need, const Call& call) {
  const SystemCallArguments& arguments = call.arguments;
  switch (need) {
    case HEDDLE_INJECT_NEED_SCHEDULING:
      return asks_for_scheduling(call);
    case HEDDLE_INJECT_NEED_ATTRIBUTES:
      return arguments[1] != 0;
    case HEDDLE_INJECT_NEED_FAR_KEY:
      return arguments[1] != 0 && static_cast<pthread_key_t>(arguments[0]) >= keys_in_thread;
    case HEDDLE_INJECT_NEED_SMALL_STACK:
      return is_small_stack(call);
    case HEDDLE_INJECT_NEED_ITSELF:
      return waits_for_itself(call);
    case HEDDLE_INJECT_NEED_LONG_NAME:
      return arguments[1] != 0 && std::strlen(std::bit_cast<const char*>(arguments[1])) > 15;
    case HEDDLE_INJECT_NEED_PRIVILEGE:
      return asks_for_privilege(static_cast<int>(arguments[0]));
    case HEDDLE_INJECT_NEED_LOCKED:
      return (arguments[3] & MAP_LOCKED) != 0;
    case HEDDLE_INJECT_NEED_FILE_OR_CODE:
      return maps_file(call) || (arguments[2] & PROT_EXEC) != 0;
    case HEDDLE_INJECT_NEED_FILE:
      return maps_file(call);
    case HEDDLE_INJECT_NEED_SHARED_MEMORY:
      return !maps_file(call) && (arguments[3] & MAP_TYPE) != MAP_PRIVATE;
    case HEDDLE_INJECT_NEED_MORE_MEMORY:
      return takes_more_memory(call);
    case HEDDLE_INJECT_NEED_HOLE:
      return cut_of(range_of(call)).both_sides;
    case HEDDLE_INJECT_NEED_GROWTH:
      return grows_or_moves(call);
    case HEDDLE_INJECT_NEED_PAGES:
      return asks_for_pages(static_cast<int>(arguments[2]));
    case HEDDLE_INJECT_NEED_ON_SIGNAL_STACK:
      return arguments[0] != 0 && runs_on_signal_stack();
    case HEDDLE_INJECT_NEED_HANDLER:
      return can_be_interrupted(call);
    case HEDDLE_INJECT_NEED_CLOCK:
      return !can_wake_sleepers(static_cast<int>(arguments[0]));
    case HEDDLE_INJECT_NEED_OTHER_VALUE:
      return expects_another_value(call);
    case HEDDLE_INJECT_NEED_TIME_LIMIT:
      return has_time_limit(call);
    case HEDDLE_INJECT_NEED_OWNER:
      return owner_of(call) != 0 && !is_owned_by_caller(call);
    case HEDDLE_INJECT_NEED_NAMESPACE:
      return makes_namespace(call);
    case HEDDLE_INJECT_NEED_OTHER_PRIORITY:
      return asks_for_other_priority(call);
    case HEDDLE_INJECT_NEED_LARGE_VALUE:
      return static_cast<unsigned>(arguments[2]) > SEM_VALUE_MAX;
    case HEDDLE_INJECT_NEED_COUNT:
      break;
  }
  return true;
}

}  // namespace

bool can_get(const Call& call, int error) {
  const auto* const needed = std::ranges::find_if(needed_errors, [&](const Needed& candidate) {
    return candidate.row == call.row && candidate.error == error;
  });
  return needed == std::end(needed_errors) || meets(needed->need, call);
}

std::uint32_t needs_met(const Call& call, std::uint32_t known) {
  std::uint32_t met = 0;
  for (const Needed& needed : needed_errors) {
    const std::uint32_t bit = std::uint32_t{1} << needed.need;
    if (needed.row == call.row && ((known | met) & bit) == 0 && meets(needed.need, call)) {
      met |= bit;
    }
  }
  return met;
}

}  // namespace heddle::inject
