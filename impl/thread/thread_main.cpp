#include "heddle/thread/thread_main.hpp"

#include "sys/stack_overflow.hpp"
#include "thread/thread_access.hpp"
#include "thread/thread_info.hpp"

namespace heddle::thread {

void begin_thread(Thread thread, std::shared_ptr<io::Sink> output_capture) {
  name_current_thread(thread);
  io::set_output_capture(std::move(output_capture));
  const auto guard =
      sys::stack_overflow::is_reported() ? sys::guard::current() : std::optional<sys::Guard>();
  sys::stack_overflow::watch(guard, thread.name());
  set_thread_info(guard, std::move(thread));
}

}  // namespace heddle::thread
