#include "stage/signal.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace heddle::conformance {
namespace {

// The state letter of /proc/self/task/TID/stat, proc(5): it follows the last ')'. 0 when the thread
// is gone.
char state_of(std::int32_t kernel_thread_id) {
  const std::string path = fmt::format("/proc/self/task/{}/stat", kernel_thread_id);
  const long descriptor =
      system_call(SYS_openat, AT_FDCWD, reinterpret_cast<long>(path.c_str()), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return 0;
  }
  std::array<char, 256> text{};
  const long length = system_call(SYS_read, descriptor, reinterpret_cast<long>(text.data()),
                                  static_cast<long>(text.size()));
  static_cast<void>(system_call(SYS_close, descriptor));  // read only: nothing can be lost
  const std::string_view line(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  const std::size_t end = line.rfind(')');
  return end == std::string_view::npos || end + 2 >= line.size() ? '\0' : line[end + 2];
}

}  // namespace

bool is_asleep(std::int32_t kernel_thread_id) {
  const char state = state_of(kernel_thread_id);
  return state == 'S' || state == '\0';
}

void let_block(std::int32_t kernel_thread_id) {
  if (kernel_thread_id == system_call(SYS_gettid)) {
    return;  // it runs, and would be seen running for ever
  }
  // On a busy machine each round may cost a whole turn of somebody else's, so they are few enough
  // to stay far from the deadline of a case.
  constexpr int attempts = 500;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    if (is_asleep(kernel_thread_id)) {
      return;
    }
    static_cast<void>(system_call(SYS_sched_yield));  // cannot fail on Linux
  }
}

void wait_until_gone(std::int32_t kernel_thread_id) {
  const long process = system_call(SYS_getpid);
  while (system_call(SYS_tgkill, process, kernel_thread_id, 0) != -ESRCH) {
    static_cast<void>(system_call(SYS_sched_yield));  // cannot fail on Linux
  }
}

}  // namespace heddle::conformance
