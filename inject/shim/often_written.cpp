#include "often_written.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>

#include <bit>
#include <cstdint>

#include "raw_system_call.hpp"

// The names that the linker gives to the bounds of the section.
extern "C" {
[[gnu::visibility("hidden")]] extern char heddle_often_written_start[] __asm__(
    "__start_heddle_often_written");
[[gnu::visibility("hidden")]] extern char heddle_often_written_end[] __asm__(
    "__stop_heddle_often_written");
}

namespace heddle::inject {

void have_often_written() {
  constexpr std::uintptr_t page = 4096;
  const std::uintptr_t start =
      std::bit_cast<std::uintptr_t>(&heddle_often_written_start[0]) / page * page;
  const auto end = std::bit_cast<std::uintptr_t>(&heddle_often_written_end[0]);
  static_cast<void>(raw_system_call(SYS_madvise, start, (end - start + page - 1) / page * page,
                                    MADV_POPULATE_WRITE));
}

}  // namespace heddle::inject
