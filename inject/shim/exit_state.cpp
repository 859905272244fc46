#include "exit_state.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <bit>

#include "effects.hpp"
#include "memory_map.hpp"
#include "module.hpp"
#include "often_written.hpp"
#include "raw_system_call.hpp"
#include "system_call_filter.hpp"

namespace heddle::inject {
namespace {

constinit heddle_inject_record* observed_record = nullptr;

HEDDLE_INJECT_OFTEN_WRITTEN constinit std::atomic<std::uint64_t> refused_bytes{0};

/// Counts the entries of a folder under /proc, without '.' and '..'.
std::uint32_t entries_of(const char* folder) {
  const long descriptor =
      raw_system_call(SYS_openat, AT_FDCWD, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return 0;
  }
  struct Entry {  // of getdents64; the name follows
    std::uint64_t inode;
    std::int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[1];
  };
  alignas(Entry) std::array<char, 4096> entries;
  std::uint32_t count = 0;
  long bytes = 0;
  while ((bytes = raw_system_call(SYS_getdents64, descriptor, entries.data(), entries.size())) >
         0) {
    for (long position = 0; position < bytes;) {
      const auto* const entry = reinterpret_cast<const Entry*>(entries.data() + position);
      count += entry->name[0] != '.' ? 1 : 0;
      position += entry->length;
    }
  }
  static_cast<void>(raw_system_call(SYS_close, descriptor));  // may fail: nothing was written
  return count;
}

/// Returns the stat of a folder under /proc; all zero on failure.
struct stat status_of(const char* folder) {
  struct stat status {};
  static_cast<void>(raw_system_call(SYS_newfstatat, AT_FDCWD, folder, &status, 0));
  return status;
}

std::uint32_t open_descriptors() {
  // The calling thread's folder, since that of the process is empty once its first thread has
  // ended.
  constexpr const char* folder = "/proc/thread-self/fd";
  // Since Linux 6.2 the folder's size is their number, which is quicker than reading its entries.
  const auto size = static_cast<std::uint32_t>(status_of(folder).st_size);
  // Without the descriptor that reads the entries.
  return size != 0 ? size : entries_of(folder) - 1;
}

std::uint32_t running_threads() {
  // This unshare(2) does nothing, and succeeds only in a process with one thread. A look under
  // /proc would cost the kernel an inode that nobody asks for again.
  if (raw_system_call(SYS_unshare, CLONE_THREAD) == 0) {
    return 1;
  }
  // The folder has two links of its own, and one for each thread.
  const auto links = static_cast<std::uint32_t>(status_of("/proc/self/task").st_nlink);
  return links > 2 ? links - 2 : entries_of("/proc/self/task");
}

/// Counts the threads. If there are more than usual, waits at most a fifth of a second for threads
/// that nobody joins and that are about to end.
std::uint32_t lasting_threads(std::uint32_t usual) {
  constexpr int looks = 200;
  std::uint32_t threads = running_threads();
  for (int look = 0; usual != 0 && threads > usual && look < looks; ++look) {
    wait_nanoseconds(1'000'000);
    threads = running_threads();
  }
  return threads;
}

/// The mappings that libc keeps: one for each thread that lived at the same time. Those that find
/// no room count as the program's, in fault-free runs as well.
HEDDLE_INJECT_OFTEN_WRITTEN constinit std::atomic<std::uintptr_t> kept[256]{};

bool is_kept(const MemoryMapping& mapping) {
  for (const std::atomic<std::uintptr_t>& address : kept) {
    const std::uintptr_t value = address.load(std::memory_order_relaxed);
    if (value == 0) {
      return false;
    }
    if (value >= mapping.start && value < mapping.end) {
      return true;
    }
  }
  return false;
}

/// Says whether the mapping is an arena of glibc's malloc, by its alignment. Chance decides how
/// many arenas there are: malloc makes one when threads get in each other's way.
bool is_arena(const MemoryMapping& mapping) {
  constexpr std::uintptr_t arena_size = std::uintptr_t{64} << 20;
  return mapping.start % arena_size == 0 && mapping.end - mapping.start <= arena_size;
}

/// Notes the memory that the program has mapped and not given back.
void note_memory(heddle_inject_exit_state& state) {
  state.mapped_bytes = 0;
  state.shared_bytes = 0;
  for_each_mapping([&](MemoryMapping mapping) {
    if (const std::uintptr_t end = end_of_module(mapping.start); end != 0) {
      if (end >= mapping.end) {
        return end;
      }
      // Memory right behind a module's variables is part of their mapping.
      mapping.start = end;
    }
    if (mapping.anonymous && mapping.accessible && !is_arena(mapping) && !is_kept(mapping)) {
      state.mapped_bytes += mapping.end - mapping.start;
    }
    if (mapping.shared) {
      state.shared_bytes += mapping.end - mapping.start;
    }
    return mapping.end;
  });
}

/// Fills in the exit state. Runs after the program's exit handlers and destructors, so that what
/// they give back is not counted.
__attribute__((destructor)) void note_exit_state() {
  // A program's filter of system calls allows hardly any of the calls that this takes.
  if (observed_record == nullptr || is_filtered() ||
      observed_record->observed_process != raw_system_call(SYS_getpid, 0)) {
    return;
  }
  heddle_inject_exit_state& state = observed_record->exit_state;
  state.threads = lasting_threads(state.usual_threads);
  state.descriptors = open_descriptors();
  note_memory(state);
  state.refused_bytes = refused_bytes.load(std::memory_order_relaxed);
  std::atomic_ref(state.observed).store(1, std::memory_order_release);
}

}  // namespace

void observe_exit(heddle_inject_record& record) {
  std::int32_t nobody = 0;
  // Relaxed: only the number itself is agreed upon. On failure, another process is observed.
  std::atomic_ref(record.observed_process)
      .compare_exchange_strong(nobody, static_cast<std::int32_t>(raw_system_call(SYS_getpid, 0)),
                               std::memory_order_relaxed);
  observed_record = &record;
}

void note_kept_memory(const void* address) {
  const auto value = std::bit_cast<std::uintptr_t>(address);
  for (std::atomic<std::uintptr_t>& slot : kept) {
    // Relaxed: when the process ends, one thread reads these for their values alone.
    std::uintptr_t seen = 0;
    if (slot.compare_exchange_strong(seen, value, std::memory_order_relaxed) || seen == value) {
      return;
    }
  }
}

void note_refused_memory(const Call& call) {
  bool counts_as_mapped = true;
  switch (call.row) {
    case HEDDLE_INJECT_MMAP:
      counts_as_mapped =
          call.arguments[2] != PROT_NONE &&
          (call.arguments[3] & (MAP_ANONYMOUS | MAP_TYPE)) == (MAP_ANONYMOUS | MAP_PRIVATE);
      break;
    case HEDDLE_INJECT_MPROTECT:
      counts_as_mapped = call.arguments[2] != PROT_NONE;
      break;
    default:
      break;
  }
  if (!counts_as_mapped) {
    // Relaxed: read when the process ends, for the value alone.
    refused_bytes.fetch_add(static_cast<std::uint64_t>(call.arguments[1]),
                            std::memory_order_relaxed);
  }
}

}  // namespace heddle::inject
