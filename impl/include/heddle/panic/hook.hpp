// What is called when a panic starts.
#pragma once

#include <functional>
#include <string_view>

#include "heddle/panic/location.hpp"
#include "heddle/panic/payload.hpp"

namespace heddle::panic {

/// What a hook learns of the panic. Valid during the call.
struct PanicInfo {
  const Payload& payload;
  std::string_view message;  ///< the payload's text, or words that say that it has none
  Location location;
};

using Hook = std::function<void(const PanicInfo&)>;

/// Makes `hook` the process's, in place of the previous one. It runs on each panicking thread
/// before that unwinds, on several at once if it must, and no lock is held meanwhile; a panic in it
/// aborts. Panics itself when the calling thread is panicking. Any thread.
void set_hook(Hook hook);

/// Takes the process's hook out, which leaves the default one: it writes "thread 'NAME' panicked:
/// MESSAGE" and, if HEDDLE_BACKTRACE asks for it, a backtrace to the thread's output capture, or
/// else to standard error. Panics when the calling thread is panicking. Any thread.
Hook take_hook();

}  // namespace heddle::panic
