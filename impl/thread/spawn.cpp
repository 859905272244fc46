#include "heddle/thread/builder.hpp"
#include "heddle/thread/thread_main.hpp"
#include "thread/thread_access.hpp"
#include "thread/thread_info.hpp"

namespace heddle::thread {

void begin_thread(Thread thread, std::shared_ptr<io::Sink> output_capture) {
  name_current_thread(thread);
  io::set_output_capture(std::move(output_capture));
  set_thread_info(std::move(thread));
}

}  // namespace heddle::thread
