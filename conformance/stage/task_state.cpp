#include "stage/task_state.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "process/proc_files.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

long open_state_of(std::int32_t kernel_thread_id) {
  const std::string path = fmt::format("/proc/self/task/{}/stat", kernel_thread_id);
  return system_call(SYS_openat, AT_FDCWD, reinterpret_cast<long>(path.c_str()),
                     O_RDONLY | O_CLOEXEC);
}

}  // namespace

TaskState::TaskState(std::int32_t kernel_thread_id)
    : descriptor_(open_state_of(kernel_thread_id)) {}

TaskState::~TaskState() {
  static_cast<void>(system_call(SYS_close, descriptor_));  // read only: nothing can be lost
}

char TaskState::letter() const {
  // Each read from the beginning shows the state anew. ESRCH: the thread is gone.
  std::array<char, 256> text{};
  const long length = system_call(SYS_pread64, descriptor_, reinterpret_cast<long>(text.data()),
                                  static_cast<long>(text.size()), 0);
  const std::string_view line(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  const std::string_view fields = inject::fields_after_name(line);
  return fields.empty() ? '\0' : fields.front();
}

}  // namespace heddle::conformance
