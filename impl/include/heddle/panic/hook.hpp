// The panic hook, which is called when a panic starts.
#pragma once

#include <functional>
#include <string_view>

#include "heddle/panic/location.hpp"
#include "heddle/panic/payload.hpp"

namespace heddle::panic {

/// What a hook is told about the panic. Valid during the call.
struct PanicInfo {
  const Payload& payload;
  std::string_view message;  ///< the payload's text, or a note that the payload is not text
  Location location;
};

using Hook = std::function<void(const PanicInfo&)>;

/// Replaces the process's hook by `hook`, which runs on each panicking thread before the thread
/// unwinds. The runtime holds no lock meanwhile, so several threads may run the hook at once. A
/// panic in the hook aborts the process. Panics when the calling thread is panicking. Can be called
/// on any thread.
void set_hook(Hook hook);

/// Returns the process's hook and puts the default hook in its place. The default hook writes
/// "thread 'NAME' panicked: MESSAGE" and, if HEDDLE_BACKTRACE asks for one, a backtrace to the
/// thread's sink, or else to standard error. Panics when the calling thread is panicking. Can be
/// called on any thread.
Hook take_hook();

}  // namespace heddle::panic
