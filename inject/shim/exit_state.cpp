#include "exit_state.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include "raw_system_call.h"

namespace heddle::inject {
namespace {

constinit heddle_inject_record* observed_record = nullptr;
constinit long heap_start = 0;

/// Entries of a folder under /proc, which must not have '.' and '..' counted.
uint32_t entries_of(const char* folder) {
  const long descriptor =
      raw_system_call(SYS_openat, AT_FDCWD, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return 0;
  }
  struct Entry {  // of getdents64; the name follows
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[1];
  };
  alignas(Entry) std::array<char, 4096> entries;
  uint32_t count = 0;
  long bytes = 0;
  while ((bytes = raw_system_call(SYS_getdents64, descriptor, entries.data(), entries.size())) >
         0) {
    for (long position = 0; position < bytes;) {
      const auto* const entry = reinterpret_cast<const Entry*>(entries.data() + position);
      count += entry->name[0] != '.' ? 1 : 0;
      position += entry->length;
    }
  }
  (void)raw_system_call(SYS_close, descriptor);  // nothing was written that it could lose
  return count;
}

/// What stat says about a folder under /proc; all zero when it cannot be had.
struct stat status_of(const char* folder) {
  struct stat status {};
  (void)raw_system_call(SYS_newfstatat, AT_FDCWD, folder, &status, 0);
  return status;
}

uint32_t open_descriptors() {
  // Since Linux 6.2 the folder's size is their number, which is quicker than reading its entries.
  const auto size = static_cast<uint32_t>(status_of("/proc/self/fd").st_size);
  // The one that reads the entries is among them.
  return size != 0 ? size : entries_of("/proc/self/fd") - 1;
}

uint32_t running_threads() {
  // The folder's links are itself, its parent, and one for each thread.
  const auto links = static_cast<uint32_t>(status_of("/proc/self/task").st_nlink);
  return links > 2 ? links - 2 : entries_of("/proc/self/task");
}

/// The sixth number of /proc/self/statm: private writable memory and stacks, in pages.
uint64_t private_pages() {
  const long descriptor =
      raw_system_call(SYS_openat, AT_FDCWD, "/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return 0;
  }
  std::array<char, 128> text{};
  const long size = raw_system_call(SYS_read, descriptor, text.data(), text.size() - 1);
  (void)raw_system_call(SYS_close, descriptor);
  uint64_t number = 0;
  int field = 0;
  for (long position = 0; position < size; ++position) {
    const char character = text[static_cast<size_t>(position)];
    if (character == ' ') {
      if (++field == 6) {
        return number;
      }
      number = 0;
    } else if (character >= '0' && character <= '9') {
      number = number * 10 + static_cast<uint64_t>(character - '0');
    }
  }
  return 0;
}

/// Runs after the program's own handlers of its end and after its destructors, so that what these
/// give back is not counted.
__attribute__((destructor)) void note_exit_state() {
  if (observed_record == nullptr ||
      observed_record->observed_process != raw_system_call(SYS_getpid, 0)) {
    return;
  }
  constexpr uint64_t kPageSize = 4096;  // of x86-64
  heddle_inject_exit_state& state = observed_record->exit_state;
  state.threads = running_threads();
  state.descriptors = open_descriptors();
  const auto heap = static_cast<uint64_t>(raw_system_call(SYS_brk, 0) - heap_start);
  const uint64_t bytes = private_pages() * kPageSize;
  state.mapped_bytes = bytes > heap ? bytes - heap : 0;
  std::atomic_ref(state.observed).store(1, std::memory_order_release);
}

}  // namespace

void observe_exit(heddle_inject_record& record) {
  heap_start = raw_system_call(SYS_brk, 0);
  int32_t nobody = 0;
  // Relaxed: only the number itself is agreed upon. A failure means that another is observed.
  std::atomic_ref(record.observed_process)
      .compare_exchange_strong(nobody, static_cast<int32_t>(raw_system_call(SYS_getpid, 0)),
                               std::memory_order_relaxed);
  observed_record = &record;
}

}  // namespace heddle::inject
