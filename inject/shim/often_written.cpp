#include "often_written.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include <bit>
#include <cstdint>

#include "raw_system_call.h"

// The linker's names for the bounds of a section.
extern "C" {
[[gnu::visibility("hidden")]] extern char heddle_often_written_start[] __asm__(
    "__start_heddle_often_written");
[[gnu::visibility("hidden")]] extern char heddle_often_written_end[] __asm__(
    "__stop_heddle_often_written");
}

namespace heddle::inject {

void have_often_written() {
  constexpr uintptr_t kPage = 4096;
  const uintptr_t start = std::bit_cast<uintptr_t>(&heddle_often_written_start[0]) / kPage * kPage;
  const auto end = std::bit_cast<uintptr_t>(&heddle_often_written_end[0]);
  (void)raw_system_call(SYS_madvise, start, (end - start + kPage - 1) / kPage * kPage,
                        MADV_POPULATE_WRITE);
}

}  // namespace heddle::inject
